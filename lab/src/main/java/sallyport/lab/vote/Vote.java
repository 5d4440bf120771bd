package sallyport.lab.vote;

import sallyport.engine.netdoc.AuthorityCertificate;

/// A signed ballot (dir-spec 3.4.1), verified.
///
/// @param certificate of the key that signed it
/// @param digest SHA-1 of what was signed: how a consensus names the vote
/// @param text the document, to be kept
@SuppressWarnings("ArrayRecordComponent")
public record Vote(Ballot ballot, AuthorityCertificate certificate, byte[] digest, byte[] text) {
    /// Whose it is.
    public Voter voter() {
        return ballot.voter();
    }
}
