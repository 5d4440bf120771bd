package sallyport.lab.load;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What one user does. Sizes are bytes.
public sealed interface Profile {
    /// One large download over a stream of its own.
    record Bulk(int bytes) implements Profile {}

    /// One large upload over a stream of its own.
    record Upload(int bytes) implements Profile {}

    /// A page, then its objects over several streams of the same user.
    ///
    /// @param streams how many at once, the page's included
    record Web(int pageBytes, int objects, int objectBytes, int streams) implements Profile {}

    /// Short lines, each answered with one as long, over one stream. Each line has its time, whatever
    /// became of the lines before it.
    ///
    /// @param pause between the times of two lines
    record Chat(int lines, int lineBytes, Duration pause) implements Profile {}

    /// A name is resolved at the exit.
    record Resolve() implements Profile {}

    /// The profiles that a user can name. Their sizes are ours: a page of half a megabyte in two dozen
    /// objects is a plain site of 2026, a large one has five times that.
    Map<String, Profile> NAMED = Map.of(
            "bulk", new Bulk(8 << 20),
            "upload", new Upload(2 << 20),
            "web", new Web(30_000, 24, 20_000, 6),
            "chat", new Chat(20, 200, Duration.ofSeconds(1)),
            "resolve", new Resolve());

    /// The profile of that name.
    static Optional<Profile> named(String name) {
        return Optional.ofNullable(NAMED.get(name));
    }
}
