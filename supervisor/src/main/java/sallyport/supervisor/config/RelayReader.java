package sallyport.supervisor.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.address.Ip;
import sallyport.engine.address.RelayAddress;
import sallyport.engine.instance.FamilySpec;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.PublishingSpec;
import sallyport.engine.instance.StatisticsSpec;
import sallyport.engine.limits.BandwidthRates;
import sallyport.engine.netdoc.ExitPolicy;
import sallyport.engine.netdoc.ExitPolicyException;
import sallyport.engine.netdoc.ExitPolicyOptions;

/// Reads one entry of `relays`.
final class RelayReader {
    // Specification: dir-spec, a nickname is 1 to 19 letters and digits.
    private static final Pattern NICKNAME = Pattern.compile("[A-Za-z0-9]{1,19}");
    // Ours: the id names a directory and a label of metrics.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final String ADDRESS_EXAMPLE = "\"192.0.2.10\" or [\"192.0.2.10\", \"2001:db8::10\"]";

    private static final String POLICY_EXAMPLE = "\"accept *:443\" or \"reject 192.0.2.0/24:1-1024\"";

    private RelayReader() {}

    /// Null, with problems, when the relay cannot be made from this entry. What could be read of it is
    /// noted in `taken` in any case, so that duplicates show at once.
    ///
    /// @param relays how many there are on this host
    static @Nullable InstanceSpec read(
            Value entry, boolean testing, FamilySpec family, StatisticsSpec statistics, int relays, Taken taken) {
        Section section = entry.section("{ nickname = \"...\", address = \"...\", or-port = 9001 }");
        if (section == null) {
            return null;
        }
        String nickname = nickname(section, taken);
        String id = id(section, nickname, taken);
        List<RelayAddress> orAddresses = orAddresses(section, testing, taken);
        List<InetAddress> outboundOr = Addresses.sources(section, "outbound-bind-address-or", testing);
        List<InetAddress> outboundExit = Addresses.sources(section, "outbound-bind-address-exit", testing);
        boolean ipv6Exit = section.flag("ipv6-exit", false);
        List<String> policy = exitPolicy(section);
        // C tor's TestingTorNetwork sets ExitPolicyRejectPrivate to 0; anywhere else it is 1.
        boolean rejectPrivate = section.flag("exit-policy-reject-private", !testing);
        String contact = ContactReader.read(section, family, relays);
        BandwidthRates bandwidth = BandwidthReader.read(section, testing);
        AccountingSpec accounting = AccountingReader.read(section);
        PublishingSpec publishing =
                new PublishingSpec(section.flag("publish", true), section.flag("assume-reachable", false));
        section.finish();
        if (nickname == null || id == null || orAddresses == null) {
            return null;
        }
        return new InstanceSpec(
                id,
                nickname,
                orAddresses,
                outboundOr,
                outboundExit,
                ipv6Exit,
                policy,
                rejectPrivate,
                contact,
                family,
                statistics,
                bandwidth,
                accounting,
                publishing);
    }

    private static @Nullable String nickname(Section section, Taken taken) {
        Value value = section.required("nickname", "\"...\" (1 to 19 letters and digits)");
        String text = value == null ? null : value.text("1 to 19 letters and digits");
        if (value == null || text == null) {
            return null;
        }
        if (!NICKNAME.matcher(text).matches()) {
            value.problem("is " + value.shown() + ", not a nickname", "write 1 to 19 letters and digits");
            return null;
        }
        taken.nickname(text, value);
        return text;
    }

    private static @Nullable String id(Section section, @Nullable String nickname, Taken taken) {
        Value value = section.optional("id");
        if (value == null) {
            return nickname != null && taken.defaultId(nickname, section) ? nickname : null;
        }
        String text = value.text("1 to 64 letters, digits, - and _");
        if (text == null) {
            return null;
        }
        if (!ID.matcher(text).matches()) {
            value.problem(
                    "is " + value.shown() + ", not an id (it names a directory)",
                    "write 1 to 64 letters, digits, - and _");
            return null;
        }
        return taken.id(text, value) ? text : null;
    }

    private static @Nullable List<RelayAddress> orAddresses(Section section, boolean testing, Taken taken) {
        Value address = section.required("address", "\"192.0.2.10\"");
        Value orPort = section.required("or-port", "9001");
        List<byte[]> ips = address == null ? null : Addresses.onePerFamily(address, ADDRESS_EXAMPLE);
        Integer port = orPort == null ? null : orPort.port();
        if (address == null || ips == null) {
            return null;
        }
        if (ips.getFirst().length != 4) {
            address.problem("has no IPv4 address, which every relay needs", "add one: " + ADDRESS_EXAMPLE);
            return null;
        }
        for (byte[] ip : ips) {
            if (!testing && Ip.isPrivate(ip)) {
                address.problem(
                        "is " + Addresses.plain(ip) + ", which the public network cannot reach",
                        "write the public address of this host, or set network.kind = testing");
            }
        }
        if (port == null) {
            return null;
        }
        List<RelayAddress> orAddresses = new ArrayList<>();
        for (byte[] ip : ips) {
            RelayAddress orAddress = new RelayAddress(ip, port);
            taken.orAddress(orAddress, address);
            orAddresses.add(orAddress);
        }
        return orAddresses;
    }

    /// The lines in order; empty when the file says nothing of it.
    private static List<String> exitPolicy(Section section) {
        Value value = section.optional("exit-policy");
        if (value == null) {
            return List.of();
        }
        List<Value> elements = value.list();
        if (elements.isEmpty()) {
            value.problem("is an empty list", "write the rules, or [\"reject *:*\"] to let nothing out");
        }
        List<String> lines = new ArrayList<>();
        for (Value element : elements) {
            String text = element.text(POLICY_EXAMPLE);
            if (text == null) {
                continue;
            }
            if (!text.strip().equals(InstanceSpec.REDUCED_POLICY)) {
                checkPolicy(element, text);
            } else if (element != elements.getLast()) {
                element.problem("is reduced, but rules follow", "move it to the end");
            }
            lines.add(text.strip());
        }
        return lines;
    }

    private static void checkPolicy(Value line, String text) {
        if (text.isBlank()) {
            line.problem("is empty", "write a rule, as " + POLICY_EXAMPLE);
            return;
        }
        try {
            ExitPolicy.parse(List.of(text), new ExitPolicyOptions(true, false, List.of(), false));
        } catch (ExitPolicyException e) {
            e.problems()
                    .forEach(problem -> line.problem(
                            Printable.quoted(problem.entry()) + " is no rule: " + problem.reason(),
                            "write it as " + POLICY_EXAMPLE));
        }
    }
}
