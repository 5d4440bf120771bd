package sallyport.lab.roster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyException;
import sallyport.engine.netdoc.RouterDescriptor;
import sallyport.lab.vote.RelayDescriptor;

/// A relay without keys or signatures, for rules that look at neither.
final class Imagined {
    final int number;
    final List<RelayAddress> addresses = new ArrayList<>();
    final Set<Standing> standing = EnumSet.noneOf(Standing.class);
    int ed25519;
    Instant published;
    long kb = 100;
    long uptime = 3_600;
    boolean hibernating;
    boolean wantsHsDir = true;
    boolean servesDirectory = true;
    String policy = "reject *:*";
    String protocols = "LinkAuth=3";

    /// @param number 0 to 255; its fingerprint begins with it
    Imagined(int number, Instant published) {
        this.number = number;
        this.ed25519 = number;
        this.published = published;
        addresses.add(new RelayAddress(new byte[] {127, 1, 1, (byte) number}, 9001));
    }

    Imagined at(int... ip) {
        byte[] bytes = new byte[ip.length];
        for (int i = 0; i < ip.length; i++) {
            bytes[i] = (byte) ip[i];
        }
        RelayAddress address = new RelayAddress(bytes, 9000 + number);
        if (address.isIpv6()) {
            addresses.add(address);
        } else {
            addresses.set(0, address);
        }
        return this;
    }

    Imagined carrying(long kilobytes) {
        kb = kilobytes;
        return this;
    }

    Imagined exit() {
        policy = "accept *:*";
        return this;
    }

    Imagined as(Standing what) {
        standing.add(what);
        return this;
    }

    String fingerprint() {
        return descriptor().fingerprint();
    }

    Member member() {
        return new Member(descriptor(), standing);
    }

    HeldDescriptor descriptor() {
        byte[] key = new byte[32];
        key[0] = (byte) ed25519;
        byte[] identity = new byte[20];
        identity[0] = (byte) number;
        byte[] digest = new byte[20];
        Arrays.fill(digest, (byte) number);
        RouterDescriptor verified = new RouterDescriptor(
                digest, identity, key, key, "nick" + number, List.copyOf(addresses), published, new byte[0]);
        long bandwidth = kb * 1_000;
        RelayDescriptor relay = new RelayDescriptor(
                verified, 0, new byte[0], List.of(), List.of(), policy(), null, bandwidth, null, protocols);
        return new HeldDescriptor(
                relay,
                key,
                key,
                published,
                "",
                null,
                uptime,
                hibernating,
                new HeldDescriptor.Offered(bandwidth, bandwidth, bandwidth),
                List.of(policy),
                wantsHsDir,
                servesDirectory,
                null,
                null);
    }

    private ExitPolicy policy() {
        try {
            return ExitPolicy.ofDescriptor(List.of(policy));
        } catch (ExitPolicyException e) {
            throw new IllegalStateException(e);
        }
    }
}
