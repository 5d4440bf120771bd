package sallyport.supervisor.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What several sections say of one relay: of each key the first that sets it counts. Values keep the
/// place they stand at, so a problem names the line where it can be mended.
///
/// @param layers the strongest first; the one before the last two is the group
/// @param home to whom a key belongs that none of them sets
record Cascade(List<Layer> layers, Layer home, Problems problems) {
    Cascade {
        layers = List.copyOf(layers);
    }

    /// The problems of a section made of this cascade, with the keys of the file.
    Problems named() {
        return problems.naming(this::nameOf);
    }

    ConfigObject merged() {
        ConfigObject merged = ConfigFactory.empty().root();
        for (Layer layer : layers) {
            merged = merged.withFallback(layer.object());
        }
        return merged.withOrigin(home.object().origin());
    }

    /// The value of a key; null when no layer sets it.
    @Nullable
    Value value(String key) {
        for (Layer layer : layers) {
            ConfigValue value = layer.at(key);
            if (value != null) {
                return new Value(layer.path() + "." + key, value, problems);
            }
        }
        return null;
    }

    /// What is said beside a key: by the section that sets it, or by a stronger one. A note on a value
    /// that another one took the place of is not about this one.
    Notes notes() {
        Map<String, String> notes = new TreeMap<>();
        Set<String> settled = new HashSet<>();
        for (Layer layer : layers) {
            layer.notes().texts().forEach((key, text) -> {
                if (!settled.contains(key)) {
                    notes.putIfAbsent(key, text);
                }
            });
            for (String key : keys()) {
                if (layer.at(key) != null) {
                    settled.add(key);
                }
            }
        }
        return new Notes(notes);
    }

    private Set<String> keys() {
        Set<String> keys = new HashSet<>();
        layers.forEach(layer -> keys.addAll(layer.notes().texts().keySet()));
        return keys;
    }

    private String nameOf(String key) {
        String bare = key.replaceAll("\\[\\d+\\]", "");
        for (Layer layer : layers) {
            if (layer.at(bare) != null) {
                return layer.path() + "." + key;
            }
        }
        return home.path() + "." + key;
    }
}
