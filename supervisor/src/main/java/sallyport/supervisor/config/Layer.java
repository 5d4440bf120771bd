package sallyport.supervisor.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Keys of relays as one section of a fleet's file sets them: `fleet.defaults`, a group, a host, or one
/// relay of a group.
///
/// @param path full key of the section
/// @param object without the keys that are the section's own
/// @param notes what it says beside its keys
record Layer(String path, ConfigObject object, Notes notes) {
    /// A section that says nothing.
    static Layer empty(String path) {
        return new Layer(path, ConfigFactory.empty().root(), Notes.NONE);
    }

    /// @param owner what stands before the section's own keys in their full names; empty where it has none
    static Layer of(Section section, Collection<String> ownKeys, String owner) {
        ConfigObject object = section.object().withoutKey(Notes.KEY);
        for (String key : ownKeys) {
            object = object.withoutKey(key);
        }
        return new Layer(section.path(), object, Notes.ofRelays(section, owner));
    }

    /// The value of a key, whose parts are separated by dots; null when the section does not set it.
    @Nullable
    ConfigValue at(String key) {
        return at(object, key);
    }

    static @Nullable ConfigValue at(ConfigObject section, String key) {
        int dot = key.indexOf('.');
        ConfigValue value = section.get(dot < 0 ? key : key.substring(0, dot));
        if (dot >= 0) {
            return value instanceof ConfigObject inner ? at(inner, key.substring(dot + 1)) : null;
        }
        return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
    }
}
