package sallyport.engine.link;

import sallyport.engine.cell.Cell;
import sallyport.engine.cell.CellCommand;
import sallyport.engine.cell.DestroyReason;

/// Where the cells of an open link go. Specification: tor-spec "Cell packet format", "Creating and extending circuits".
final class LinkCells {
    private final Links links;
    private final Link link;

    LinkCells(Links links, Link link) {
        this.links = links;
        this.link = link;
    }

    /// Takes a fixed cell of the open link.
    void receive(Cell cell) {
        link.onCellRead(cell);
        switch (cell.command()) {
            case CellCommand.RELAY,
                    CellCommand.RELAY_EARLY,
                    CellCommand.CREATED2,
                    CellCommand.CREATED_FAST,
                    CellCommand.CREATED -> {
                CircuitPort port = link.circuits().port(cell.circuitId());
                if (port == null) {
                    // Normal while a DESTROY of ours is under way.
                    cell.release();
                } else {
                    port.receiver().onCell(cell);
                }
            }
            case CellCommand.CREATE, CellCommand.CREATE_FAST, CellCommand.CREATE2 -> receiveCreate(cell);
            case CellCommand.DESTROY -> receiveDestroy(cell);
            case CellCommand.PADDING -> {
                links.counters().count(LinkCounters.Kind.PADDING_RECEIVED);
                cell.release();
            }
            case CellCommand.PADDING_NEGOTIATE -> {
                link.padding().onNegotiate(cell);
                cell.release();
            }
            case CellCommand.NETINFO -> {
                links.settings().faults().count("link: NETINFO after the handshake");
                cell.release();
            }
            // tor-spec "Cell packet format": unknown commands are ignored.
            default -> cell.release();
        }
    }

    private void receiveCreate(Cell cell) {
        int id = cell.circuitId();
        if (id == 0 || !link.circuits().isFree(id)) {
            links.settings().faults().count(id == 0 ? "link: CREATE with id 0" : "link: CREATE with an id in use");
            cell.release();
        } else if (!link.circuits().isPeersToChoose(id)) {
            links.settings().faults().count("link: CREATE with an id of our half");
            cell.release();
            link.sendDestroy(id, DestroyReason.TORPROTOCOL);
        } else {
            links.creates().onCreate(link, cell);
        }
    }

    private void receiveDestroy(Cell cell) {
        CircuitPort port = link.circuits().port(cell.circuitId());
        int reasonCode = cell.u8(0);
        cell.release();
        if (port != null) {
            port.detach();
            port.receiver().onDestroy(reasonCode);
        }
    }
}
