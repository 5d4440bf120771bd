package sallyport.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sallyport.engine.accounting.Tally;
import sallyport.engine.cell.RelayCommand;
import sallyport.engine.dns.ResolverSettings;

/// RESOLVE, and what one circuit may ask of its relay.
class StreamsLookupsTest {
    @TempDir
    Path directory;

    private StreamsFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new StreamsFixture(directory);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    @Test
    void resolvesAddressesNamesAndFailures() throws Exception {
        String[][] all = {
            {"both.example", "12 04047f0000010000003c" + "0610000000000000000000000000000000010000003c"},
            {"v6.example", "12 0610000000000000000000000000000000010000003c"},
            {"7.2.0.192.in-addr.arpa", "12 000c686f73742e6578616d706c650000003c"},
            {"nx.example", "12 f1"},
            {"fail.example", "12 f0"},
            {"1.0.0.127.in-addr.arpa", "12 f1"},
            {"no name", "12 f1"},
            {"192.0.2.1", "12 f1"}
        };
        for (int i = 0; i < all.length; i++) {
            fixture.message(RelayCommand.RESOLVE, i + 1, all[i][0].getBytes(StandardCharsets.US_ASCII));
            assertThat(fixture.answer(i + 1)).as(all[i][0]).startsWith(all[i][1]);
        }
        assertThat(fixture.open()).isZero();
        assertThat(fixture.tallied(Tally.STREAM_RESOLVE))
                .as("asked for, answered or not")
                .isEqualTo(all.length);
    }

    /// One circuit must not take all the questions of its relay, nor by ending what it asked for.
    @Test
    void oneCircuitOpensSoManyStreamsAtOnceAndNoMoreUntilTheirNamesAreAnswered() throws Exception {
        fixture.resolverSettings = new ResolverSettings(List.of(fixture.dns.address()), 60_000, 1, false, true);
        byte[] name = "silent.example".getBytes(StandardCharsets.US_ASCII);
        for (int id = 1; id <= Streams.OPENING_MAX; id += 2) {
            fixture.begin(id, "silent.example:80");
            fixture.message(RelayCommand.RESOLVE, id + 1, name);
        }
        fixture.end(1);
        fixture.end(2);
        fixture.begin(2001, "192.0.2.1:80");
        fixture.message(RelayCommand.RESOLVE, 2002, name);
        assertThat(fixture.answers(2001)).containsExactly("3 01");
        assertThat(fixture.answers(2002)).singleElement().asString().startsWith("12 f0");
        assertThat(fixture.faults.snapshot()).containsEntry(Streams.TOO_MANY_OPENING, 2L);

        fixture.onLoop(() -> {
            fixture.resolver.close();
            return null;
        });
        int port = fixture.serve(socket -> socket.getInputStream().readAllBytes());
        for (int id = 3001; id <= 3000 + 5; id++) {
            fixture.begin(id, "127.0.0.1:" + port);
            assertThat(fixture.answer(id)).startsWith("4 ");
        }
        assertThat(fixture.onLoop(() -> fixture.streams().opening())).isZero();
    }

    @Test
    void endOfALookupForgetsIt() throws Exception {
        fixture.message(RelayCommand.RESOLVE, 1, "silent.example".getBytes(StandardCharsets.US_ASCII));
        fixture.begin(2, "silent.example:80");
        assertThat(fixture.open()).isEqualTo(2);
        fixture.end(1);
        fixture.end(2);
        assertThat(fixture.open()).isZero();
        await().during(50, TimeUnit.MILLISECONDS)
                .until(() -> fixture.client.messages().isEmpty());
    }
}
