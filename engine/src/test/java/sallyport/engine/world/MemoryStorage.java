package sallyport.engine.world;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// Files in a map, and a disk that can be full. Several instances over one map would be several processes.
public final class MemoryStorage implements Storage {
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private final List<String> written = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private int writesLeft = Integer.MAX_VALUE;

    /// After so many writes the disk is full.
    public synchronized void fullAfter(int writes) {
        writesLeft = writes;
    }

    /// Names in the order they were written.
    public synchronized List<String> written() {
        return List.copyOf(written);
    }

    /// A copy of all files.
    public synchronized TreeMap<String, byte[]> content() {
        TreeMap<String, byte[]> copy = new TreeMap<>();
        files.forEach((name, bytes) -> copy.put(name, bytes.clone()));
        return copy;
    }

    @Override
    public synchronized Optional<byte[]> read(String name, int maxBytes) throws IOException {
        byte[] content = files.get(name);
        if (content != null && content.length > maxBytes) {
            throw new IOException("longer than " + maxBytes);
        }
        return Optional.ofNullable(content).map(byte[]::clone);
    }

    @Override
    public synchronized void write(String name, byte[] content) throws IOException {
        if (writesLeft-- <= 0) {
            throw new IOException("No space left on device");
        }
        files.put(name, content.clone());
        written.add(name);
    }

    @Override
    public synchronized void delete(String name) {
        files.remove(name);
    }

    @Override
    public synchronized boolean exists(String name) {
        return files.containsKey(name);
    }

    @Override
    public synchronized long bytes(String name) {
        byte[] content = files.get(name);
        return content == null ? 0 : content.length;
    }

    @Override
    public synchronized List<String> list(String directory) {
        String prefix = directory + "/";
        return files.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> Arrays.asList(name.substring(prefix.length()).split("/"))
                        .getFirst())
                .distinct()
                .toList();
    }

    @Override
    public <T> T locked(String name, Locked<T> body) throws IOException {
        lock.lock();
        try {
            return body.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String describe(String name) {
        return "/memory/" + name;
    }
}
