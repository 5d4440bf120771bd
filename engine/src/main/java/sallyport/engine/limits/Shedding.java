package sallyport.engine.limits;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// What gives way when memory in queues is short, in the order of the operator's choice
/// (`process.shedding`; `docs/balancing.md`).
public enum Shedding {
    /// Circuits that are not there yet, of whoever has many, and links whose handshake is not over.
    NEW_HANDSHAKES("new-handshakes", true),
    /// What is written to links whose peers take nothing, with these links.
    STUCK_LINKS("stuck-links", false),
    /// Answers of name servers, and descriptors of onion services.
    CACHES("caches", false),
    /// Circuits whose data nobody has taken for so long that they are not in use.
    STALLED("stalled", false),
    /// Directory requests: no new ones, and then circuits that carry nothing else.
    DIRECTORY("directory", true),
    /// Circuits that pass through.
    CIRCUITS("circuits", false),
    /// Circuits with streams to servers.
    STREAMS("streams", false);

    /// Whoever asks too much first; streams in use last.
    public static final List<Shedding> DEFAULT = List.of(values());

    private final String word;
    private final boolean refuses;

    Shedding(String word, boolean refuses) {
        this.word = word;
        this.refuses = refuses;
    }

    /// As the configuration has it.
    public String word() {
        return word;
    }

    /// Whether something new is refused for a while once its turn has come.
    boolean refuses() {
        return refuses;
    }

    /// An order by its words.
    public static List<String> words(List<Shedding> order) {
        return order.stream().map(Shedding::word).toList();
    }

    /// Those that the list lacks, in the usual order.
    public static List<Shedding> missingFrom(List<Shedding> order) {
        List<Shedding> missing = new ArrayList<>(EnumSet.allOf(Shedding.class));
        missing.removeAll(order);
        return missing;
    }
}
