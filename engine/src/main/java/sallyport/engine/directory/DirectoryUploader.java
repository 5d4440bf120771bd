package sallyport.engine.directory;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sallyport.engine.directory.UploadResult.Outcome;
import sallyport.engine.limits.Turns;
import sallyport.engine.world.Tasks;
import sallyport.engine.world.World;

/// Sends a descriptor to all voting authorities at once (dir-spec 4, "uploading server descriptors"). One
/// for the process: its relays take turns.
public final class DirectoryUploader {
    // Ours: an answer is one line.
    private static final int ANSWER_BYTES_MAX = 64 * 1024;
    // Ours: connecting and answering may each take the transport's 30 s, over the DirPort and over the ORPort.
    private static final Duration UPLOAD_MAX = Duration.ofSeconds(150);

    // Ours. An upload takes a fraction of a second, and one that meets a silent authority half a minute: 250 relays are
    // through within eight. A change that concerns them all reaches each authority as a row, not as hundreds at once.
    static final int AT_ONCE_MAX = 16;

    // Ours: a cancelled exchange ends as soon as it is scheduled.
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(5);

    private final World world;
    private final Authorities authorities;
    private final DirectoryTransport transport;
    private final Turns turns;

    public DirectoryUploader(World world, Authorities authorities) {
        this(world, authorities, new HttpDirectoryTransport(world));
    }

    public DirectoryUploader(World world, Authorities authorities, DirectoryTransport transport) {
        this(world, authorities, transport, new Turns(AT_ONCE_MAX));
    }

    private DirectoryUploader(World world, Authorities authorities, DirectoryTransport transport, Turns turns) {
        this.world = world;
        this.authorities = authorities;
        this.transport = transport;
        this.turns = turns;
    }

    /// The same authorities over another way, with the same turns.
    public DirectoryUploader over(DirectoryTransport other) {
        return new DirectoryUploader(world, authorities, other, turns);
    }

    /// As the longer one, from the system's address and for no stated reason.
    public List<UploadResult> upload(byte[] descriptorAndExtraInfo) throws InterruptedException {
        return upload(descriptorAndExtraInfo, "", null);
    }

    /// Waits for its turn, posts to every voting authority in parallel, and waits for all. Blocking:
    /// control tasks only.
    ///
    /// @param descriptorAndExtraInfo the descriptor and, right behind it, the extra-info
    /// @param reason why it was made, for `X-Desc-Gen-Reason`: a constant text, or empty
    /// @param source the address to connect from; null leaves it to the system
    /// @return one result an authority, in their order
    public List<UploadResult> upload(byte[] descriptorAndExtraInfo, String reason, @Nullable InetAddress source)
            throws InterruptedException {
        return upload(descriptorAndExtraInfo, reason, source, _ -> true);
    }

    /// The same, to those voting authorities alone that `to` names.
    public List<UploadResult> upload(
            byte[] descriptorAndExtraInfo, String reason, @Nullable InetAddress source, Predicate<Authority> to)
            throws InterruptedException {
        Map<String, String> headers = reason.isEmpty() ? Map.of() : Map.of("X-Desc-Gen-Reason", reason);
        DirectoryRequest request =
                new DirectoryRequest("/tor/", headers, descriptorAndExtraInfo, ANSWER_BYTES_MAX, source);
        turns.take(world.tasks());
        try {
            return upload(request, to);
        } finally {
            turns.leave();
        }
    }

    private List<UploadResult> upload(DirectoryRequest request, Predicate<Authority> to) throws InterruptedException {
        List<Pending> pending = new ArrayList<>();
        for (Authority authority : authorities.voting()) {
            if (!to.test(authority)) {
                continue;
            }
            CompletableFuture<UploadResult> answer = new CompletableFuture<>();
            Tasks.Task task = world.tasks().start("upload", () -> answer.complete(post(authority, request)));
            pending.add(new Pending(authority, answer, task));
        }
        List<UploadResult> results = new ArrayList<>();
        try {
            for (Pending one : pending) {
                results.add(await(one));
            }
        } finally {
            // Whoever was cancelled or has waited long enough leaves nothing behind.
            endAll(pending);
        }
        return results;
    }

    private record Pending(Authority authority, CompletableFuture<UploadResult> answer, Tasks.Task task) {}

    private static void endAll(List<Pending> pending) throws InterruptedException {
        pending.forEach(one -> one.task().cancel());
        for (Pending one : pending) {
            one.task().join(CANCEL_LIMIT);
        }
    }

    private UploadResult await(Pending one) throws InterruptedException {
        try {
            return world.tasks().await(one.answer(), UPLOAD_MAX);
        } catch (TimeoutException | ExecutionException e) {
            return new UploadResult(one.authority(), Outcome.UNREACHABLE, "no answer in time");
        }
    }

    private UploadResult post(Authority authority, DirectoryRequest request) throws InterruptedException {
        try {
            DirectoryResponse response = transport.exchange(authority, request);
            if (response.status() != 200) {
                return new UploadResult(authority, Outcome.REFUSED, response.status() + " " + response.reason());
            }
            boolean notNew = "Yes".equals(response.header("x-descriptor-not-new"));
            return new UploadResult(authority, notNew ? Outcome.NOT_NEW : Outcome.ACCEPTED, response.reason());
        } catch (IOException e) {
            return new UploadResult(authority, Outcome.UNREACHABLE, "unreachable or too slow");
        }
    }
}
