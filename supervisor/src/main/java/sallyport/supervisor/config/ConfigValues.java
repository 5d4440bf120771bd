package sallyport.supervisor.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a file says what: its keys as they stand there, whether or not they are good.
public final class ConfigValues {
    private static final ConfigRenderOptions ONE_LINE =
            ConfigRenderOptions.concise().setJson(false);

    private final ConfigObject root;
    private final Problems problems;

    ConfigValues(Config config, Problems problems) {
        this.root = config.root();
        this.problems = problems;
    }

    /// One place where a key stands, or could.
    ///
    /// @param key the full key, with the index of the relay
    /// @param relay the relay's nickname; empty for a key of the process
    /// @param text the value in one line; null where the file says nothing
    /// @param place `FILE:LINE`; empty where the file says nothing
    public record Place(String key, String relay, @Nullable String text, String place) {}

    /// A key of the process has one place, a relay's as many as the file has relays.
    public List<Place> places(ConfigKey key) {
        if (!key.isOfRelay()) {
            return List.of(place(key.name(), "", at(root, key.name())));
        }
        List<Place> places = new ArrayList<>();
        if (at(root, "relays") instanceof ConfigList relays) {
            for (int i = 0; i < relays.size(); i++) {
                if (relays.get(i) instanceof ConfigObject relay) {
                    String inRelay = key.name().substring(ConfigKey.RELAY_PREFIX.length());
                    places.add(place("relays[" + i + "]." + inRelay, nickname(relay), at(relay, inRelay)));
                }
            }
        }
        return places;
    }

    private Place place(String key, String relay, @Nullable ConfigValue value) {
        if (value == null) {
            return new Place(key, relay, null, "");
        }
        ConfigOrigin origin = value.origin();
        String text = value.valueType() == ConfigValueType.STRING
                ? String.valueOf(value.unwrapped())
                : value.render(ONE_LINE);
        return new Place(key, relay, Printable.line(text), problems.place(origin));
    }

    private static String nickname(ConfigObject relay) {
        ConfigValue nickname = at(relay, "nickname");
        return nickname == null ? "" : Printable.line(String.valueOf(nickname.unwrapped()));
    }

    private static @Nullable ConfigValue at(ConfigObject section, String path) {
        int dot = path.indexOf('.');
        ConfigValue value = section.get(dot < 0 ? path : path.substring(0, dot));
        if (dot >= 0) {
            return value instanceof ConfigObject inner ? at(inner, path.substring(dot + 1)) : null;
        }
        return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
    }
}
