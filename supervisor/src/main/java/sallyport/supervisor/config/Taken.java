package sallyport.supervisor.config;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import sallyport.engine.address.RelayAddress;

/// Ids, nicknames and listening addresses that earlier relays of the file have: no two relays may share one. Capitals
/// do
/// not make a difference: they are easily overlooked, and not every file system keeps them apart.
final class Taken {
    private record Holder(String key, ConfigOrigin origin) {}

    private static final Holder NOBODY = new Holder("", ConfigOriginFactory.newSimple());

    private final Problems problems;
    private final Map<String, Holder> ids = new HashMap<>();
    private final Map<String, Holder> nicknames = new HashMap<>();
    private final Map<RelayAddress, Holder> orAddresses = new HashMap<>();
    private final Map<RelayAddress, Holder> listening = new LinkedHashMap<>();

    Taken(Problems problems) {
        this.problems = problems;
    }

    /// Returns whether nobody had it.
    boolean id(String id, Value value) {
        return note(ids, lower(id), value, "id " + Printable.quoted(id), "give each relay its own id");
    }

    /// A relay without an id has its nickname as id. Its nickname was noted before: two relays that share a nickname
    /// and have no id are one problem, not two.
    boolean defaultId(String nickname, Section section) {
        Holder nicknamed = nicknames.getOrDefault(lower(nickname), NOBODY);
        Holder holder = ids.putIfAbsent(lower(nickname), nicknamed);
        if (holder == null) {
            return true;
        }
        if (!holder.key().equals(nicknamed.key())) {
            section.problem(
                    section.keyOf("id"),
                    "is missing, and the nickname that stands for it is the id of another relay (" + holder.key() + ", "
                            + problems.where(holder.origin()) + ")",
                    "add an id of its own");
        }
        return false;
    }

    boolean nickname(String nickname, Value value) {
        return note(
                nicknames,
                lower(nickname),
                value,
                "nickname " + Printable.quoted(nickname),
                "give each relay its own nickname");
    }

    boolean orAddress(RelayAddress address, Value value) {
        return note(
                orAddresses,
                address,
                value,
                "address and or-port " + address,
                "give each relay its own address or or-port");
    }

    /// `0.0.0.0` and `::` are all addresses of their family.
    void listening(RelayAddress address, Value value) {
        for (Map.Entry<RelayAddress, Holder> other : listening.entrySet()) {
            if (collide(address, other.getKey())) {
                Holder holder = other.getValue();
                value.problem(
                        "listens on " + address + ", and " + holder.key() + " (" + problems.where(holder.origin())
                                + ") on " + other.getKey(),
                        "give each its own address or port to listen on");
                return;
            }
        }
        listening.put(address, new Holder(value.key(), value.raw().origin()));
    }

    private static boolean collide(RelayAddress a, RelayAddress b) {
        return a.port() == b.port()
                && a.isIpv6() == b.isIpv6()
                && (a.sameIp(b) || a.inet().isAnyLocalAddress() || b.inet().isAnyLocalAddress());
    }

    private <K> boolean note(Map<K, Holder> holders, K name, Value value, String what, String fix) {
        Holder holder =
                holders.putIfAbsent(name, new Holder(value.key(), value.raw().origin()));
        if (holder == null) {
            return true;
        }
        value.problem(
                "has the " + what + " that " + holder.key() + " has (" + problems.where(holder.origin()) + ")", fix);
        return false;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
