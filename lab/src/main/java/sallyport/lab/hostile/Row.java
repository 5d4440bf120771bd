package sallyport.lab.hostile;

/// One line of the table: what is sent, what has to come back, and what has to live on.
///
/// @param section of the reference that states it: a section of tor-spec or the number of a proposal
/// @param name what is sent
/// @param closes what ends by it; everything beyond has to live on
/// @param expected the answer, written as [ClientCircuit] and [ClientLink] write it
/// @param ofTor the answer of C tor, where it departs from the specification; listed in docs/differences.md
public record Row(String section, String name, Scope closes, Scenario scenario, String expected, Answer ofTor) {

    /// What ends by a message.
    public enum Scope {
        /// Neither the circuit nor anything beyond.
        NOTHING,
        /// The circuit, but not its link.
        CIRCUIT,
        /// The link, but no other.
        LINK
    }

    /// What comes back, and what ends.
    public record Answer(String text, Scope closes) {}

    /// Sends and tells what came back.
    @FunctionalInterface
    public interface Scenario {
        String run(Bench bench) throws Exception;
    }

    static Row row(String section, String name, Scope closes, String expected, Scenario scenario) {
        return new Row(section, name, closes, scenario, expected, new Answer(expected, closes));
    }

    /// The same, but C tor answers otherwise.
    Row butTor(String answer, Scope alsoCloses) {
        return new Row(section, name, closes, scenario, expected, new Answer(answer, alsoCloses));
    }

    /// What this kind of relay has to answer.
    public Answer answer(Subject.Kind kind) {
        return switch (kind) {
            case SALLYPORT -> new Answer(expected, closes);
            case C_TOR -> ofTor;
        };
    }

    @Override
    public String toString() {
        return section + " " + name;
    }
}
