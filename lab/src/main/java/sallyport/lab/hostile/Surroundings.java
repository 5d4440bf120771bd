package sallyport.lab.hostile;

import java.net.InetAddress;
import java.nio.file.Path;

/// What is there besides the relay under test.
///
/// @param entry an honest relay that the consensus lists, to reach the subject through
/// @param relayKeys the keys of another relay that the consensus lists, as C tor keeps them, for us to
/// speak in its name
/// @param ours an address that is ours alone, to dial from and to listen on
/// @param refusedPort a port that the exit policy of every subject refuses
public record Surroundings(RelayFacts entry, Path relayKeys, InetAddress ours, int refusedPort) {}
