package sallyport.lab.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import sallyport.lab.network.EmbeddedNetwork;
import sallyport.lab.network.LabNetwork;
import sallyport.lab.network.PrivateNetwork;
import sallyport.lab.process.Programs;

/// Of what the authorities, relays and the client of the private network are made.
enum Peer {
    /// Our own, all in this process; nothing else is needed.
    EMBEDDED {
        @Override
        LabNetwork start(Duration lifetime, Consumer<String> progress) throws IOException, InterruptedException {
            return EmbeddedNetwork.start(AUTHORITIES, RELAYS, lifetime, progress);
        }
    },

    /// C tor, which has to be installed.
    TOR {
        @Override
        LabNetwork start(Duration lifetime, Consumer<String> progress) throws IOException, InterruptedException {
            try {
                return PrivateNetwork.plan()
                        .authorities(AUTHORITIES)
                        .relays(RELAYS)
                        .lifetime(lifetime)
                        .progress(progress)
                        .start();
            } catch (Programs.Missing e) {
                throw new IOException(e.getMessage() + "\nor take --peer embedded, which needs none of it", e);
            }
        }
    };

    private static final int AUTHORITIES = 3;
    private static final int RELAYS = 3;

    /// Brings the network up.
    ///
    /// @param lifetime the end of everything, whoever still uses it
    /// @param progress is told one line at each step
    abstract LabNetwork start(Duration lifetime, Consumer<String> progress) throws IOException, InterruptedException;

    /// C tor where it is installed: it is what the network out there is made of.
    static Peer installed() throws IOException, InterruptedException {
        try {
            var _ = Programs.tor();
            return TOR;
        } catch (Programs.Missing e) {
            return EMBEDDED;
        }
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
