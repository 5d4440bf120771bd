package sallyport.supervisor.assignment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sallyport.engine.address.Ip;

/// Reads a lock file. People merge it, so everything in it is looked at again.
public final class LockReader {
    /// One thing that is wrong with the file.
    ///
    /// @param line counted from 1
    public record Fault(int line, String what, String fix) {}

    /// @param lock what could be read
    public record Reading(Lock lock, List<Fault> faults) {
        public Reading {
            faults = List.copyOf(faults);
        }
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9A-F]{40}");
    private static final Set<String> KEYS =
            Set.of("group", "number", "host", "nickname", "address", "port", "exit", "fingerprint");
    private static final int PORT_MAX = 65_535;
    private static final String RESTORE = "take the file from version control, where `sallyport apply` wrote it";

    private final List<Fault> faults = new ArrayList<>();
    private final List<RelayPlace> places = new ArrayList<>();
    private final Map<String, String> holders = new HashMap<>();
    private int relaysPerAddress;

    private LockReader() {}

    public static Reading read(String text) {
        LockReader reader = new LockReader();
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals(Lock.HEAD)) {
            reader.fault(1, "is no lock file of this version: it does not begin with `" + Lock.HEAD + "`", RESTORE);
        } else {
            for (int i = 1; i < lines.size(); i++) {
                reader.line(i + 1, lines.get(i));
            }
        }
        return new Reading(new Lock(reader.relaysPerAddress, reader.places), reader.faults);
    }

    private void line(int number, String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        String[] words = line.split(" ");
        if (line.startsWith("<<<<<<<") || line.startsWith("=======") || line.startsWith(">>>>>>>")) {
            fault(number, "is the mark of a merge", "keep the lines of both sides whose relays the configuration has");
        } else if (words[0].equals("relays-per-address")
                && words.length == 2
                && NUMBER.matcher(words[1]).matches()) {
            relaysPerAddress = Integer.parseInt(words[1]);
        } else if (words[0].equals("relay") && words.length > 1) {
            RelayPlace place = place(words);
            if (place == null) {
                fault(number, "is no line of a relay", RESTORE);
            } else if (isFree(number, place)) {
                places.add(place);
            }
        } else {
            fault(number, "is no line of a lock file", RESTORE);
        }
    }

    private static @Nullable RelayPlace place(String[] words) {
        Map<String, String> values = new HashMap<>();
        for (int i = 2; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            String key = equals < 0 ? "" : words[i].substring(0, equals);
            if (!KEYS.contains(key) || values.put(key, words[i].substring(equals + 1)) != null) {
                return null;
            }
        }
        String group = values.getOrDefault("group", "");
        String number = values.getOrDefault("number", "");
        String host = values.getOrDefault("host", "");
        String nickname = values.getOrDefault("nickname", "");
        String port = values.getOrDefault("port", "");
        String fingerprint = values.getOrDefault("fingerprint", "");
        AddressPair addresses = pair(values.getOrDefault("address", ""));
        AddressPair exit = values.containsKey("exit") ? pair(values.get("exit")) : AddressPair.NONE;
        boolean good = NAME.matcher(words[1]).matches()
                && NAME.matcher(group).matches()
                && NAME.matcher(host).matches()
                && NAME.matcher(nickname).matches()
                && NUMBER.matcher(number).matches()
                && NUMBER.matcher(port).matches()
                && Integer.parseInt(port) <= PORT_MAX
                && (fingerprint.isEmpty() || FINGERPRINT.matcher(fingerprint).matches());
        return good && addresses != null && exit != null
                ? new RelayPlace(
                        words[1],
                        group,
                        Integer.parseInt(number),
                        host,
                        nickname,
                        addresses,
                        Integer.parseInt(port),
                        exit,
                        fingerprint)
                : null;
    }

    private static @Nullable AddressPair pair(String text) {
        String[] parts = text.split(",", -1);
        byte[] four = Ip.parse(parts[0]);
        byte[] six = parts.length == 2 ? Ip.parse(parts[1]) : null;
        if (four == null || four.length != 4 || parts.length > 2 || (parts.length == 2 && six == null)) {
            return null;
        }
        return new AddressPair(IpRange.plain(four), six == null ? "" : IpRange.plain(six));
    }

    /// Two lines that each were right on their own branch may not be together.
    private boolean isFree(int line, RelayPlace place) {
        boolean free = holds(line, place, "number " + place.number() + " of group " + place.group());
        free &= holds(line, place, "id " + place.id());
        for (String address : place.addresses().all()) {
            free &= holds(line, place, "address " + address + " with port " + place.port());
        }
        if (!place.fingerprint().isEmpty()) {
            free &= holds(line, place, "fingerprint " + place.fingerprint());
        }
        return free && isOfOneHost(line, place);
    }

    private boolean isOfOneHost(int line, RelayPlace place) {
        boolean free = true;
        for (String address : place.addresses().all()) {
            String host = holders.putIfAbsent("host of " + address, place.host());
            if (host != null && !host.equals(place.host())) {
                fault(
                        line,
                        "has address " + address + " on host " + place.host() + ", and host " + host + " has it too",
                        "remove the line that was merged in last; `sallyport plan` shows where its relay goes");
                free = false;
            }
        }
        return free;
    }

    private boolean holds(int line, RelayPlace place, String what) {
        String holder = holders.putIfAbsent(what, place.id());
        if (holder != null) {
            fault(
                    line,
                    "has the " + what + " that relay " + holder + " has",
                    "remove the line that was merged in last; `sallyport plan` shows where its relay goes");
        }
        return holder == null;
    }

    private void fault(int line, String what, String fix) {
        faults.add(new Fault(line, what, fix));
    }
}
