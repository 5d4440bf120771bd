package sallyport.engine.sim;

import java.util.ArrayList;
import java.util.List;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.CellPool;

/// Somebody who makes circuits of one hop at a relay of which only the address is known, and does nothing with them.
final class CircuitMaker {
    private final CellPool cells = new CellPool();
    private final SimClient client;
    private final List<Integer> reasons = new ArrayList<>();
    private int asked;
    private int made;

    /// @param number of the client, which is its address
    CircuitMaker(SimWorld world, int number, RelayAddress relay) {
        client = new SimClient(world, number, relay, cells);
        client.hearOthers(this::onCell);
        world.in(0, world.outside(), "connect", client::connect);
    }

    /// Asks for so many more, as soon as the link is there. Runs on the outside's loop.
    void ask(int count) {
        client.whenOpen(() -> {
            for (int i = 0; i < count; i++) {
                Cell cell = cells.acquire();
                cell.circuitId(++asked | 1 << 31);
                cell.command(CellCommand.CREATE_FAST);
                cell.zeroFrom(0);
                client.send(cell);
            }
        });
    }

    private void onCell(Cell cell) {
        if (cell.command() == CellCommand.CREATED_FAST) {
            made++;
        } else if (cell.command() == CellCommand.DESTROY) {
            reasons.add(cell.u8(0));
        }
    }

    /// Circuits that have come about so far.
    int made() {
        return made;
    }

    /// Of those that ended, and of those that did not come about.
    List<Integer> reasons() {
        return reasons;
    }

    void leave() {
        client.close();
    }
}
