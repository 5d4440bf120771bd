package sallyport.lab.hostile;

import java.io.IOException;

/// One relay under test, and a client that minds its own business there from the first row to the last:
/// whatever a row does, this one must not notice.
public final class Examination implements AutoCloseable {
    private final Subject subject;
    private final Surroundings around;
    private final ClientLink link;
    private final ClientCircuit witness;

    /// Opens the link of the one who must not notice.
    public Examination(Subject subject, Surroundings around) throws IOException {
        this.subject = subject;
        this.around = around;
        this.link = ClientLink.asClient(subject.facts(), around.ours());
        this.witness = ClientCircuit.fast(link);
    }

    /// Runs a row; an empty text when everything was as it has to be, else what was not.
    public String run(Row row) throws Exception {
        String complaint = Bench.run(row, subject, around);
        String elsewhere = witness.quiet();
        return complaint.isEmpty() && !elsewhere.equals("nothing") ? "another link suffered: " + elsewhere : complaint;
    }

    @Override
    public void close() throws IOException {
        link.close();
    }
}
