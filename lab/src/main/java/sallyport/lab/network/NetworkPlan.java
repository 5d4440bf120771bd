package sallyport.lab.network;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What a private network is to be; every choice has a default that suits most tests.
public final class NetworkPlan {
    // Ours: three authorities read each other's votes of 8,000 relays in that time, on a busy machine.
    private static final int VOTE_DELAY_SECONDS_MAX = 20;

    int authorities = 3;
    int embeddedAuthorities;
    int relays = 3;
    int exits;
    int clients = 1;
    Duration lifetime = Duration.ofMinutes(15);
    Duration patience = Duration.ofMinutes(2);
    Torrc.Timing timing = new Torrc.Timing(15, 3, 20);
    Consumer<String> progress = line -> {};
    boolean keysOfOurs;
    final List<String> everywhere = new ArrayList<>();
    final List<String> onAuthorities = new ArrayList<>();
    final List<String> onRelays = new ArrayList<>();
    final List<String> onExits = new ArrayList<>();
    final List<String> onClients = new ArrayList<>();
    final List<List<String>> exitsWith = new ArrayList<>();

    NetworkPlan() {}

    /// How many directory authorities; each is a relay that clients use as well.
    public NetworkPlan authorities(int count) {
        authorities = count;
        return this;
    }

    /// How many authorities of ours, in this process, besides those of C tor; with them there may be none
    /// of C tor's.
    public NetworkPlan embeddedAuthorities(int count) {
        embeddedAuthorities = count;
        return this;
    }

    /// How many relays that are not exits, besides the authorities.
    public NetworkPlan relays(int count) {
        relays = count;
        return this;
    }

    /// How many exits of C tor.
    public NetworkPlan exits(int count) {
        exits = count;
        return this;
    }

    /// One exit of C tor more, behind the others, with torrc lines of its own.
    public NetworkPlan exitWith(String... lines) {
        exitsWith.add(List.of(lines));
        return this;
    }

    /// How many clients with a SOCKS port.
    public NetworkPlan clients(int count) {
        clients = count;
        return this;
    }

    /// The end of everything, whoever still uses it.
    public NetworkPlan lifetime(Duration maximum) {
        lifetime = maximum;
        return this;
    }

    /// How long the network may take to come up.
    public NetworkPlan patience(Duration maximum) {
        patience = maximum;
        return this;
    }

    /// How often authorities vote: at least ten seconds and a divisor of half an hour. A consensus lives
    /// twenty times as long.
    public NetworkPlan votingIntervalSeconds(int seconds) {
        // Twice the delay must stay below half the interval (tor(1), V3AuthVoteDelay).
        timing = new Torrc.Timing(seconds, Math.clamp((seconds / 2 - 1) / 2, 2, VOTE_DELAY_SECONDS_MAX), 20);
        return this;
    }

    /// Torrc lines for every node.
    public NetworkPlan everywhere(String... lines) {
        everywhere.addAll(List.of(lines));
        return this;
    }

    /// Torrc lines for the authorities, such as `ConsensusParams cc_alg=0`.
    public NetworkPlan onAuthorities(String... lines) {
        onAuthorities.addAll(List.of(lines));
        return this;
    }

    /// Torrc lines for the relays that are neither authorities nor exits.
    public NetworkPlan onRelays(String... lines) {
        onRelays.addAll(List.of(lines));
        return this;
    }

    /// Torrc lines for the exits. Of two exit policies C tor takes the first matching line, ours comes
    /// first.
    public NetworkPlan onExits(String... lines) {
        onExits.addAll(List.of(lines));
        return this;
    }

    /// Torrc lines for the clients.
    public NetworkPlan onClients(String... lines) {
        onClients.addAll(List.of(lines));
        return this;
    }

    /// Lets Sallyport make the keys of the authorities instead of tor-gencert.
    public NetworkPlan keysOfOurs() {
        keysOfOurs = true;
        return this;
    }

    /// Is told one line at each step of coming up.
    public NetworkPlan progress(Consumer<String> listener) {
        progress = listener;
        return this;
    }

    /// Brings the network up and returns when every relay is listed and every client ready.
    ///
    /// @throws sallyport.lab.process.Programs.Missing where C tor is not installed
    public PrivateNetwork start() throws IOException, InterruptedException {
        return PrivateNetwork.start(this);
    }

    List<String> extra(TorNode.Role role) {
        List<String> lines = new ArrayList<>(everywhere);
        lines.addAll(
                switch (role) {
                    case AUTHORITY -> onAuthorities;
                    case RELAY -> onRelays;
                    case EXIT -> onExits;
                    case CLIENT -> onClients;
                });
        return lines;
    }
}
