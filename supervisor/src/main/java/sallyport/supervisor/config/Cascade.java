package sallyport.supervisor.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What several sections say of one relay: of each key the first that sets it counts. Values keep the place they stand
/// at, so a problem names the line where it can be mended.
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
