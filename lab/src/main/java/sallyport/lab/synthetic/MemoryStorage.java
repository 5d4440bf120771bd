package sallyport.lab.synthetic;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import sallyport.engine.world.Storage;

/// Files in memory: those of a synthetic relay, or of a client that keeps nothing. One thread.
public final class MemoryStorage implements Storage {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    @Override
    public Optional<byte[]> read(String name, int maxBytes) throws IOException {
        byte[] content = files.get(name);
        if (content != null && content.length > maxBytes) {
            throw new IOException("longer than " + maxBytes + " bytes");
        }
        return Optional.ofNullable(content).map(byte[]::clone);
    }

    @Override
    public void write(String name, byte[] content) {
        files.put(name, content.clone());
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public boolean exists(String name) {
        return files.containsKey(name);
    }

    @Override
    public long bytes(String name) {
        byte[] content = files.get(name);
        return content == null ? 0 : content.length;
    }

    @Override
    public List<String> list(String directory) {
        return files.keySet().stream()
                .filter(name -> name.startsWith(directory + "/"))
                .map(name -> name.substring(directory.length() + 1).replaceFirst("/.*", ""))
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public <T> T locked(String name, Locked<T> body) throws IOException {
        return body.run();
    }

    @Override
    public String describe(String name) {
        return name;
    }
}
