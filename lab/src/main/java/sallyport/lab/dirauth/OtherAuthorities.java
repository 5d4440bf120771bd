package sallyport.lab.dirauth;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import sallyport.engine.directory.Authority;
import sallyport.engine.directory.DirectoryRequest;
import sallyport.engine.directory.DirectoryResponse;
import sallyport.engine.directory.DirectoryTransport;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;

/// All authorities of the network but ourselves, each told or asked at its DirPort in a task of its own, so
/// that none waits for another. Used by the task that votes.
final class OtherAuthorities {
    private static final int OK = 200;
    // Ours: an answer to something posted is one line.
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    // As C tor: what fits a URL of 4,095 characters.
    private static final int DESCRIPTORS_PER_REQUEST = 96;
    // Each up to C tor's MAX_DESCRIPTOR_UPLOAD_SIZE.
    private static final int DESCRIPTORS_BYTES_MAX = DESCRIPTORS_PER_REQUEST * 20_000;

    private final World world;
    private final String ourNickname;
    private final List<Authority> others;
    private final DirectoryTransport transport;
    private final List<Tasks.Task> running = new ArrayList<>();

    OtherAuthorities(World world, String ourNickname, List<Authority> others, DirectoryTransport transport) {
        this.world = world;
        this.ourNickname = ourNickname;
        this.others = List.copyOf(others);
        this.transport = transport;
    }

    /// Posts to each of them.
    ///
    /// @param what it is, for the log
    void tell(String path, byte[] document, String what) throws InterruptedException {
        DirectoryRequest request = new DirectoryRequest(path, Map.of(), document, ANSWER_BYTES_MAX, null);
        for (Authority other : others) {
            start(() -> {
                DirectoryResponse response = exchange(other, request, what);
                if (response.status() != OK) {
                    warn(other, "refused our " + what + ": " + response.reason());
                }
            });
        }
    }

    /// Asks each of them; what they do not have is passed over.
    void ask(String path, int bytesMax, String what, Consumer<byte[]> taker) throws InterruptedException {
        for (Authority other : others) {
            start(() -> {
                DirectoryResponse response = exchange(other, DirectoryRequest.get(path, bytesMax), what);
                if (response.status() == OK) {
                    taker.accept(response.body());
                }
            });
        }
    }

    /// Asks one after the other for descriptors, until all are held or everybody was asked.
    ///
    /// @param wanted digests in upper-case hex
    void askForDescriptors(Set<String> wanted, Predicate<String> isHeld, Consumer<byte[]> taker)
            throws InterruptedException {
        start(() -> {
            for (Authority other : others) {
                List<String> left = wanted.stream().filter(isHeld.negate()).toList();
                for (int from = 0; from < left.size(); from += DESCRIPTORS_PER_REQUEST) {
                    int to = Math.min(left.size(), from + DESCRIPTORS_PER_REQUEST);
                    String path = "/tor/server/d/" + String.join("+", left.subList(from, to));
                    DirectoryResponse response;
                    try {
                        response = exchange(
                                other, DirectoryRequest.get(path, DESCRIPTORS_BYTES_MAX), "question for descriptors");
                    } catch (IOException e) {
                        break;
                    }
                    if (response.status() == OK) {
                        taker.accept(response.body());
                    }
                }
            }
        });
    }

    /// Gives up what is still under way.
    void close() {
        running.forEach(Tasks.Task::cancel);
        running.clear();
    }

    private interface Exchange {
        void run() throws IOException, InterruptedException;
    }

    private void start(Exchange exchange) throws InterruptedException {
        for (Tasks.Task before : List.copyOf(running)) {
            if (before.join(Duration.ZERO)) {
                running.remove(before);
            }
        }
        running.add(world.tasks().start("exchange with another authority", () -> {
            try {
                exchange.run();
            } catch (IOException e) {
                // Said already.
            }
        }));
    }

    private DirectoryResponse exchange(Authority other, DirectoryRequest request, String what)
            throws IOException, InterruptedException {
        try {
            return transport.exchange(other, request);
        } catch (IOException e) {
            warn(other, "cannot be reached for our " + what);
            throw e;
        }
    }

    private void warn(Authority other, String what) {
        world.log().warn(ourNickname, "authority " + other.nickname() + " " + what);
    }
}
