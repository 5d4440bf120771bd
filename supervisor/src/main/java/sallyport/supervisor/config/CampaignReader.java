package sallyport.supervisor.config;

import com.typesafe.config.ConfigObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sallyport.supervisor.assignment.GroupWish;

/// Reads `campaigns { ... }`: nicknames for a time. Never is a name of two relays at once, nor has a
/// relay two.
final class CampaignReader {
    static final String KEY = "campaigns";
    private static final String EXAMPLE =
            "{ spring { nickname = \"freeBogatov{n}\", start = 2027-03-01, end = 2027-04-01 } }";
    private static final String TIME_EXAMPLE = "2027-03-01, or \"2027-03-01T18:00Z\" (UTC)";

    private record Read(Campaign campaign, Value entry) {}

    private record Relay(String group, int number, String id, String nickname) {}

    private final List<Relay> relays = new ArrayList<>();
    private final List<Read> campaigns = new ArrayList<>();

    private CampaignReader(List<GroupWish> groups) {
        groups.forEach(group -> group.relays()
                .forEach((number, relay) -> relays.add(new Relay(group.name(), number, relay.id(), relay.nickname()))));
    }

    /// @param wishes all relays of all hosts, whether or not there is a place for them
    static List<Campaign> read(Section file, List<GroupWish> wishes) {
        CampaignReader reader = new CampaignReader(wishes);
        Set<String> groups = new TreeSet<>();
        wishes.forEach(group -> groups.add(group.name()));
        // One that cannot be read is one all the same.
        if (file.object().get("groups") instanceof ConfigObject named) {
            groups.addAll(named.keySet());
        }
        Value value = file.optional(KEY);
        Section section = value == null ? null : value.section(EXAMPLE);
        for (String name : section == null ? List.<String>of() : section.names()) {
            Value entry = Objects.requireNonNull(Objects.requireNonNull(section).optional(name));
            Section campaign = entry.section(EXAMPLE);
            FleetNames.checkName(name, entry);
            if (campaign != null) {
                reader.read(name, entry, campaign, groups);
            }
        }
        return reader.campaigns.stream().map(Read::campaign).toList();
    }

    private void read(String name, Value entry, Section campaign, Set<String> groups) {
        Value pattern = campaign.required("nickname", "\"freeBogatov{n}\"");
        Instant start = time(campaign.required("start", "2027-03-01"));
        Value endValue = campaign.required("end", "2027-04-01");
        Instant end = time(endValue);
        Value named = campaign.optional("groups");
        List<String> only = named == null ? List.copyOf(groups) : FleetNames.known(named, groups, "group");
        campaign.finish();
        Map<String, String> nicknames = pattern == null ? Map.of() : nicknames(pattern, only);
        if (pattern == null || start == null || endValue == null || end == null) {
            return;
        }
        if (!start.isBefore(end)) {
            endValue.problem("is no later than its start", "let the campaign end after it has begun");
            return;
        }
        Campaign read = new Campaign(name, nicknames, start, end);
        checkAgainstOthers(read, pattern, entry);
        campaigns.add(new Read(read, entry));
    }

    /// By id of the relay; the first name that cannot be is a problem, and none is given then.
    private Map<String, String> nicknames(Value pattern, List<String> groups) {
        Map<String, String> nicknames = new TreeMap<>();
        String text = pattern.text("\"freeBogatov{n}\"");
        Map<String, Relay> holders = new HashMap<>();
        for (Relay relay : text == null ? List.<Relay>of() : relays) {
            if (!groups.contains(relay.group())) {
                continue;
            }
            String nickname = Objects.requireNonNull(text).replace(RelayWishes.NUMBER, "" + relay.number());
            if (!RelayReader.NICKNAME.matcher(nickname).matches()) {
                pattern.problem(
                        "is " + pattern.shown() + ", which for " + relay.id() + " is " + Printable.quoted(nickname)
                                + ", not a nickname",
                        "let it have 1 to 19 letters and digits with the number filled in for " + RelayWishes.NUMBER);
                return Map.of();
            }
            Relay holder = holders.putIfAbsent(folded(nickname), relay);
            if (holder != null) {
                pattern.problem(
                        "gives " + holder.id() + " and " + relay.id() + " the same name",
                        holder.group().equals(relay.group())
                                ? "write " + RelayWishes.NUMBER + " where the number goes"
                                : "make a campaign for each group, with groups = [" + relay.group() + "]");
                return Map.of();
            }
            nicknames.put(relay.id(), nickname);
        }
        for (Relay relay : relays) {
            Relay holder = holders.get(folded(relay.nickname()));
            if (holder != null && !holder.id().equals(relay.id())) {
                pattern.problem(
                        "gives " + holder.id() + " the name that " + relay.id() + " has",
                        "choose another pattern: that relay has it again when the campaign ends");
                return Map.of();
            }
        }
        return nicknames;
    }

    private void checkAgainstOthers(Campaign read, Value pattern, Value entry) {
        for (Read other : campaigns) {
            if (!read.overlaps(other.campaign())) {
                continue;
            }
            String where = other.entry().key() + " ("
                    + entry.problems().where(other.entry().raw().origin()) + ")";
            for (Map.Entry<String, String> relay : read.nicknames().entrySet()) {
                if (other.campaign().nicknames().containsKey(relay.getKey())) {
                    entry.problem(
                            "names " + relay.getKey() + " while " + where + " does",
                            "let one end before the other starts, or name different groups");
                    return;
                }
                boolean taken = other.campaign().nicknames().values().stream()
                        .anyMatch(name -> folded(name).equals(folded(relay.getValue())));
                if (taken) {
                    pattern.problem("gives names that " + where + " gives at the same time", "choose another pattern");
                    return;
                }
            }
        }
    }

    /// In UTC: midnight of a day, or a minute of it.
    private static @Nullable Instant time(@Nullable Value value) {
        String text = value == null ? null : value.text(TIME_EXAMPLE);
        if (value == null || text == null) {
            return null;
        }
        try {
            return text.length() <= 10
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : LocalDateTime.parse(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text)
                            .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            value.problem("is " + value.shown() + ", not a time", "write " + TIME_EXAMPLE);
            return null;
        }
    }

    /// Two names that differ in capitals alone are one to people.
    private static String folded(String nickname) {
        return nickname.toLowerCase(Locale.ROOT);
    }
}
