package sallyport.supervisor.config;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.accounting.AccountingSpec;
import sallyport.engine.instance.ExitSpec;
import sallyport.engine.instance.FamilySpec;
import sallyport.engine.instance.InstanceSpec;
import sallyport.engine.instance.PublishingSpec;
import sallyport.engine.instance.StatisticsSpec;
import sallyport.engine.limits.BandwidthRates;

/// Reads one relay: an entry of `relays`, or what the sections of a fleet say together.
final class RelayReader {
    // Specification: dir-spec, a nickname is 1 to 19 letters and digits.
    static final Pattern NICKNAME = Pattern.compile("[A-Za-z0-9]{1,19}");
    // Ours: the id names a directory and a label of metrics.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /// Whether a relay insists on its keys.
    private static final Map<String, Boolean> ELSEWHERE = Map.of("refuse", false, "insist", true);

    private RelayReader() {}

    /// Null, with problems, when the relay cannot be made from this entry. What could be read of it is
    /// noted in `taken` in any case, so that duplicates show at once.
    ///
    /// @param relays how many there are on this host
    static @Nullable InstanceSpec read(
            Value entry, boolean testing, FamilySpec family, StatisticsSpec statistics, int relays, Taken taken) {
        Section section = entry.section("{ nickname = \"...\", address = \"...\", or-port = 9001 }");
        return section == null ? null : read(section, testing, family, statistics, relays, taken);
    }

    /// The same of a section.
    static @Nullable InstanceSpec read(
            Section section, boolean testing, FamilySpec family, StatisticsSpec statistics, int relays, Taken taken) {
        String nickname = nickname(section, taken);
        String id = id(section, nickname, taken);
        ListenReader.Reading addresses = ListenReader.read(section, testing, taken);
        List<InetAddress> outboundOr = Addresses.sources(section, "outbound-bind-address-or", testing);
        List<InetAddress> outboundExit = Addresses.sources(section, "outbound-bind-address-exit", testing);
        ExitSpec exit = ExitReader.read(section, testing);
        boolean servesDirectory = section.flag("directory-cache", true);
        String contact = ContactReader.read(section, family, relays);
        BandwidthRates bandwidth = BandwidthReader.read(section, testing);
        AccountingSpec accounting = AccountingReader.read(section);
        PublishingSpec publishing = new PublishingSpec(
                section.flag("publish", true), section.flag("assume-reachable", false), insists(section), 0);
        Notes.ofRelays(section, "");
        section.finish();
        if (nickname == null || id == null || addresses == null) {
            return null;
        }
        return new InstanceSpec(
                id,
                nickname,
                addresses.published(),
                addresses.listening(),
                outboundOr,
                outboundExit,
                exit,
                servesDirectory,
                contact,
                family,
                statistics,
                bandwidth,
                accounting,
                publishing);
    }

    private static boolean insists(Section section) {
        Value value = section.optional("identity-elsewhere");
        return value != null && value.word(ELSEWHERE, false);
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
}
