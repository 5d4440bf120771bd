package sallyport.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sallyport.engine.crypto.Hashes;
import sallyport.engine.netdoc.Consensus;
import sallyport.engine.netdoc.Flavor;
import sallyport.engine.netdoc.GeneratedNetwork;
import sallyport.engine.netdoc.GeneratedNetwork.Relay;
import sallyport.engine.netdoc.RelayIndex.KnownRelay;
import sallyport.engine.netdoc.UnverifiedConsensus;

class CompactRelayIndexTest {
    /// The public network's size: everybody is found by every name, strangers by none.
    @Test
    void findsEachOfEightThousandRelays() throws Exception {
        GeneratedNetwork network = new GeneratedNetwork(1);
        List<Relay> relays = GeneratedNetwork.relays(8_000, Flavor.MICRODESC, new Random(3));
        Consensus consensus = UnverifiedConsensus.parse(
                        network.consensus(Flavor.MICRODESC, GeneratedNetwork.START, relays, 0))
                .verify(network.trust(0), GeneratedNetwork.START);

        CompactRelayIndex index = new CompactRelayIndex(
                consensus.relays(),
                status -> new RelayFacts(
                        Hashes.sha256(status.rsaDigest()),
                        Hashes.sha256(Objects.requireNonNull(status.documentDigest()))));

        assertThat(index.size()).isEqualTo(8_000);
        assertThat(index.relays()).hasSize(8_000);
        for (Relay relay : relays) {
            KnownRelay found = Objects.requireNonNull(index.byRsa(relay.identity()));
            assertThat(found.nickname()).isEqualTo(relay.nickname());
            assertThat(found.ntorKey()).containsExactly(Hashes.sha256(relay.document()));
            KnownRelay same = Objects.requireNonNull(index.byEd25519(Hashes.sha256(relay.identity())));
            assertThat(same.rsaDigest()).containsExactly(relay.identity());
            byte[] ip = found.orAddresses().getFirst().ip();
            assertThat(index.isOrPort(ip, relay.port())).isTrue();
            assertThat(index.isOrPort(ip, relay.port() + 1)).isFalse();
            assertThat(index.isKnownRelay(Hashes.sha1(relay.identity()))).isFalse();
        }
        assertThat(index.byEd25519(new byte[32])).isNull();
        assertThat(index.isOrPort(new byte[16], 9001)).isFalse();
    }

    @Test
    void aRelayWithoutItsMicrodescriptorHasNoKeys() throws Exception {
        GeneratedNetwork network = new GeneratedNetwork(1);
        List<Relay> relays = GeneratedNetwork.relays(2, Flavor.NS, new Random(3));
        Consensus consensus = UnverifiedConsensus.parse(network.consensus(Flavor.NS, GeneratedNetwork.START, relays, 0))
                .verify(network.trust(0), GeneratedNetwork.START);

        CompactRelayIndex index = new CompactRelayIndex(consensus.relays(), _ -> null);

        KnownRelay relay = Objects.requireNonNull(index.byRsa(relays.getFirst().identity()));
        assertThat(relay.ed25519()).isNull();
        assertThat(relay.ntorKey()).isNull();
        assertThat(index.byEd25519(new byte[32])).isNull();
    }
}
