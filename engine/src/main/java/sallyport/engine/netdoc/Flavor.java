package sallyport.engine.netdoc;

/// The two kinds of consensus (dir-spec 3.9): `ns` names server descriptors, `microdesc` names microdescriptors.
public enum Flavor {
    NS("ns"),
    MICRODESC("microdesc");

    private final String word;

    Flavor(String word) {
        this.word = word;
    }

    /// As written in documents and paths.
    public String word() {
        return word;
    }
}
