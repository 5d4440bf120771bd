package sallyport.supervisor.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
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
    /// @param text the value in one line
    /// @param place `FILE:LINE` where it stands
    public record Setting(String key, String text, String place) {}

    public EffectiveRelay {
        settings = List.copyOf(settings);
    }

    static EffectiveRelay of(String id, String host, ConfigObject relay, Problems problems) {
        List<Setting> settings = new ArrayList<>();
        collect("", relay, problems, settings);
        return new EffectiveRelay(id, host, settings);
    }

    private static void collect(String path, ConfigObject section, Problems problems, List<Setting> settings) {
        for (String key : new TreeSet<>(section.keySet())) {
            ConfigValue value = Objects.requireNonNull(section.get(key));
            if (value instanceof ConfigObject inner) {
                collect(path + key + ".", inner, problems, settings);
            } else {
                String text = value instanceof ConfigList || !(value.unwrapped() instanceof String)
                        ? value.render(ONE_LINE)
                        : Printable.quoted(String.valueOf(value.unwrapped()));
                settings.add(new Setting(path + key, Printable.line(text), problems.place(value.origin())));
            }
        }
    }
}
