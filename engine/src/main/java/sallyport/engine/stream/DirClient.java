package sallyport.engine.stream;

import sallyport.engine.address.ClientAddress;

/// Who opened a directory stream, as far as we know.
///
/// @param isSingleHop no relay stands between: the link is a client's
/// @param address of the previous hop; told to it alone, never logged
public record DirClient(boolean isSingleHop, ClientAddress address) {}
