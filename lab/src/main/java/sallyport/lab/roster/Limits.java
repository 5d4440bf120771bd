package sallyport.lab.roster;

/// How much a roster holds, whatever strangers make up.
///
/// @param relays with a current descriptor
/// @param pins of keys, which stay for good
/// @param bytes of documents
record Limits(int relays, int pins, long bytes) {
    static final Limits USUAL = new Limits(Roster.RELAYS_MAX, Roster.PINS_MAX, Roster.BYTES_MAX);
}
