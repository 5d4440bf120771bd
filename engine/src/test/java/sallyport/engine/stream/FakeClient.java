package sallyport.engine.stream;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sallyport.engine.bytes.Hex;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.flow.StreamCarrier;

/// A client behind a window: takes DATA while it lasts, remembers everything. Used on the loop; the lists
/// may be read from a test's thread.
final class FakeClient implements StreamCarrier {
    /// `COMMAND ID HEX` of everything but DATA, in order.
    private final List<String> messages = new ArrayList<>();
    private final Map<Integer, ByteArrayOutputStream> data = new LinkedHashMap<>();
    private final Map<Integer, Integer> cells = new HashMap<>();
    private int window = Integer.MAX_VALUE;

    synchronized void window(int cells) {
        window = cells;
    }

    synchronized List<String> messages() {
        return List.copyOf(messages);
    }

    synchronized byte[] data(int streamId) {
        ByteArrayOutputStream bytes = data.get(streamId);
        return bytes == null ? new byte[0] : bytes.toByteArray();
    }

    synchronized int cells(int streamId) {
        return cells.getOrDefault(streamId, 0);
    }

    synchronized long count(int command, int streamId) {
        return messages.stream()
                .filter(message -> message.startsWith(command + " " + streamId + " "))
                .count();
    }

    @Override
    public synchronized boolean ready() {
        return window > 0;
    }

    @Override
    public synchronized int sendData(int streamId, ByteBuf source) {
        assert window > 0 && source.isReadable();
        window--;
        byte[] bytes = new byte[Math.min(498, source.readableBytes())];
        source.readBytes(bytes);
        data.computeIfAbsent(streamId, _ -> new ByteArrayOutputStream()).writeBytes(bytes);
        cells.merge(streamId, 1, Integer::sum);
        return bytes.length;
    }

    @Override
    public synchronized void send(int streamId, int relayCommand, byte[] body) {
        assert relayCommand != RelayCommand.DATA && body.length <= 498;
        messages.add(relayCommand + " " + streamId + " " + Hex.lower(body));
    }
}
