package sallyport.engine.directory;

import java.io.IOException;

/// How requests reach an authority: over its DirPort, or another way that carries the same HTTP. Blocking:
/// control tasks only.
public interface DirectoryTransport {
    /// Sends one request and waits for the whole answer.
    ///
    /// @throws IOException when the authority cannot be reached, is too slow, or answers misshapenly or
    /// too long
    DirectoryResponse exchange(Authority authority, DirectoryRequest request) throws IOException, InterruptedException;
}
