package sallyport.supervisor.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /// Whether the file describes its relays by pools and groups.
    public boolean hasPools() {
        return FleetSections.NAMES.stream().anyMatch(root::containsKey);
    }

    /// Where the file keeps its data; empty when it does not say so in a way that can be used.
    public Optional<Path> dataDirectory() {
        ConfigValue value = Layer.at(root, "data-directory");
        return value != null && value.unwrapped() instanceof String text && text.startsWith("/")
                ? Optional.of(Path.of(text).normalize())
                : Optional.empty();
    }

    /// What is wrong with the value of a key of the process, for who finds it out later than the reader.
    public Problem problem(String key, String what, String fix) {
        ConfigValue value = Layer.at(root, key);
        return problems.of(value == null ? null : value.origin(), key, what, fix);
    }

    /// One place where a key stands, or could.
    ///
    /// @param key the full key, with the index of the relay
    /// @param relay the relay's nickname; empty for a key of the process
    /// @param text the value in one line; null where the file says nothing
    /// @param place `FILE:LINE`; empty where the file says nothing
    /// @param note what the operator wrote beside it; empty where he wrote nothing
    public record Place(String key, String relay, @Nullable String text, String place, String note) {}

    /// A key of the process has one place, a relay's as many as the file has relays; in a file with
    /// pools, one for each section that sets it.
    public List<Place> places(ConfigKey key) {
        if (key.isOfRelay()) {
            return placesOfRelays(key.name().substring(ConfigKey.RELAY_PREFIX.length()));
        }
        int name = key.name().indexOf(ConfigKey.NAME);
        if (name < 0) {
            return List.of(place(key.name(), "", Layer.at(root, key.name()), Notes.unjudged(root, key.name())));
        }
        String section = key.name().substring(0, name - 1);
        String inSection = key.name().substring(name + ConfigKey.NAME.length() + 1);
        List<Place> places = new ArrayList<>();
        named(section).forEach((path, object) -> {
            String note = Notes.unjudged(object, inSection);
            places.add(place(
                    path + "." + inSection,
                    "",
                    Layer.at(object, inSection),
                    note.isEmpty() ? Notes.unjudged(root, path + "." + inSection) : note));
        });
        return places;
    }

    private List<Place> placesOfRelays(String key) {
        List<Place> places = new ArrayList<>();
        if (Layer.at(root, "relays") instanceof ConfigList relays) {
            for (int i = 0; i < relays.size(); i++) {
                if (relays.get(i) instanceof ConfigObject relay) {
                    places.add(place(
                            "relays[" + i + "]." + key,
                            nickname(relay),
                            Layer.at(relay, key),
                            Notes.unjudged(relay, key)));
                }
            }
        }
        Map<String, ConfigObject> layers = new LinkedHashMap<>();
        if (Layer.at(root, "fleet.defaults") instanceof ConfigObject defaults) {
            layers.put("fleet.defaults", defaults);
        }
        layers.putAll(named("groups"));
        layers.putAll(named("hosts"));
        named("groups").forEach((group, section) -> {
            if (section.get("relays") instanceof ConfigObject relays) {
                relays.keySet().stream().sorted().forEach(number -> {
                    if (relays.get(number) instanceof ConfigObject relay) {
                        layers.put(group + ".relays." + number, relay);
                    }
                });
            }
        });
        layers.forEach((path, layer) -> {
            ConfigValue value = Layer.at(layer, key);
            String note = Notes.unjudged(layer, key);
            if (value != null || !note.isEmpty()) {
                places.add(place(path + "." + key, "", value, note));
            }
        });
        return places;
    }

    /// The sections within a section whose keys are names, by their full keys.
    private Map<String, ConfigObject> named(String section) {
        Map<String, ConfigObject> named = new LinkedHashMap<>();
        if (root.get(section) instanceof ConfigObject sections) {
            sections.keySet().stream().sorted().forEach(name -> {
                if (sections.get(name) instanceof ConfigObject object) {
                    named.put(section + "." + name, object);
                }
            });
        }
        return named;
    }

    private Place place(String key, String relay, @Nullable ConfigValue value, String note) {
        if (value == null) {
            return new Place(key, relay, null, "", note);
        }
        ConfigOrigin origin = value.origin();
        String text = value.valueType() == ConfigValueType.STRING
                ? String.valueOf(value.unwrapped())
                : value.render(ONE_LINE);
        return new Place(key, relay, Printable.line(text), problems.place(origin), note);
    }

    private static String nickname(ConfigObject relay) {
        ConfigValue nickname = Layer.at(relay, "nickname");
        return nickname == null ? "" : Printable.line(String.valueOf(nickname.unwrapped()));
    }
}
