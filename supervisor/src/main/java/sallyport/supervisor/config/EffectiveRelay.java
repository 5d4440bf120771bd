package sallyport.supervisor.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/// What a file says of one relay when everything that it inherits is counted in.
///
/// @param host empty where the file has no hosts
public record EffectiveRelay(String id, String host, List<Setting> settings) {
    private static final ConfigRenderOptions ONE_LINE =
            ConfigRenderOptions.concise().setJson(false);

    /// One key of it.
    ///
    /// @param text the value in one line; empty where there is only a note on it
    /// @param place `FILE:LINE` where it stands
    /// @param note what the operator wrote beside it; empty where he wrote nothing
    public record Setting(String key, String text, String place, String note) {}

    public EffectiveRelay {
        settings = List.copyOf(settings);
    }

    static EffectiveRelay of(String id, String host, ConfigObject relay, Notes notes, Problems problems) {
        List<Setting> settings = new ArrayList<>();
        collect("", relay, notes, problems, settings);
        notes.texts().forEach((key, note) -> {
            if (Layer.at(relay, key) == null) {
                settings.add(new Setting(key, "", "", note));
            }
        });
        settings.sort(Comparator.comparing(Setting::key));
        return new EffectiveRelay(id, host, settings);
    }

    private static void collect(
            String path, ConfigObject section, Notes notes, Problems problems, List<Setting> settings) {
        for (String key : new TreeSet<>(section.keySet())) {
            ConfigValue value = Objects.requireNonNull(section.get(key));
            if (value instanceof ConfigObject inner) {
                collect(path + key + ".", inner, notes, problems, settings);
            } else {
                String text = value instanceof ConfigList || !(value.unwrapped() instanceof String)
                        ? value.render(ONE_LINE)
                        : Printable.quoted(String.valueOf(value.unwrapped()));
                settings.add(new Setting(
                        path + key, Printable.line(text), problems.place(value.origin()), notes.on(path + key)));
            }
        }
    }
}
