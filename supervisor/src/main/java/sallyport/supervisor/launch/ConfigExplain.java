package sallyport.supervisor.launch;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sallyport.engine.netdoc.NamedExitPolicy;
import sallyport.supervisor.config.BadConfiguration;
import sallyport.supervisor.config.ConfigKey;
import sallyport.supervisor.config.ConfigReader;
import sallyport.supervisor.config.ConfigValues;
import sallyport.supervisor.config.OptionWithoutKey;
import sallyport.supervisor.config.Printable;

/// `sallyport config explain`: what a key means, what holds without it, C tor's name for it, and where a
/// file sets it.
@Command(
        name = "explain",
        description = {
            "Says what keys of the configuration mean; without a KEY lists them all.",
            "With --config also what that file says and where."
        },
        footer = {"", "As in: sallyport config explain exit-policy ORPort --config sallyport.conf"},
        mixinStandardHelpOptions = true)
final class ConfigExplain implements Callable<Integer> {
    private static final int WIDTH = 100;
    private static final String EXIT_POLICY = ConfigKey.RELAY_PREFIX + "exit-policy";
    private static final String INDENT = "  ";
    private static final Pattern LINK = Pattern.compile("\\[([^]]*)]\\([^)]*\\)");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "KEY", arity = "0..*", description = "A key, its end, or C tor's option.")
    private List<String> words = List.of();

    @Option(names = "--config", paramLabel = "FILE", description = "A configuration file whose values are shown.")
    private @Nullable Path file;

    @Option(names = "--json", description = "Prints one JSON object instead of text.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ConfigValues values = null;
        try {
            values = file == null ? null : new ConfigReader().values(file);
        } catch (BadConfiguration e) {
            e.report().forEach(err::println);
            return ExitCode.ERROR;
        }
        if (json) {
            return inJson(values);
        }
        if (words.isEmpty()) {
            list(out, values);
            return ExitCode.OK;
        }
        boolean allKnown = true;
        for (String word : words) {
            List<ConfigKey> keys = ConfigKey.named(word);
            for (ConfigKey key : keys) {
                explain(out, key, values);
            }
            Optional<OptionWithoutKey> without = keys.isEmpty() ? OptionWithoutKey.named(word) : Optional.empty();
            without.ifPresent(option -> explain(out, option));
            if (keys.isEmpty() && without.isEmpty()) {
                allKnown = false;
                err.println(unknown(word));
            }
        }
        return allKnown ? ExitCode.OK : ExitCode.ERROR;
    }

    private int inJson(@Nullable ConfigValues values) {
        List<ConfigKey> keys = words.isEmpty()
                ? ConfigKey.all()
                : words.stream().flatMap(word -> ConfigKey.named(word).stream()).toList();
        List<String> unknown = words.stream()
                .filter(word -> ConfigKey.named(word).isEmpty())
                .filter(word -> OptionWithoutKey.named(word).isEmpty())
                .toList();
        new JsonAnswer()
                .with("keys", keys.stream().map(key -> object(key, values)).toList())
                .with(
                        "without_key",
                        words.stream()
                                .filter(word -> ConfigKey.named(word).isEmpty())
                                .flatMap(word -> OptionWithoutKey.named(word).stream())
                                .map(option ->
                                        JsonAnswer.object("torrc", option.name(), "reason", plain(option.reason())))
                                .toList())
                .with("unknown", unknown)
                .print(spec.commandLine().getOut());
        return unknown.isEmpty() ? ExitCode.OK : ExitCode.ERROR;
    }

    private static Map<String, @Nullable Object> object(ConfigKey key, @Nullable ConfigValues values) {
        return JsonAnswer.object(
                "key",
                key.name(),
                "meaning",
                plain(key.meaning()),
                "value",
                plain(key.type()),
                "torrc",
                key.torrc().equals("-") ? null : plain(key.torrc()),
                "changed_by",
                key.changedBy().equals("-") ? null : plain(key.changedBy()),
                "places",
                values == null
                        ? List.of()
                        : values.places(key).stream()
                                .map(place -> JsonAnswer.object(
                                        "key", place.key(),
                                        "relay", place.relay(),
                                        "value", place.text(),
                                        "place", place.place(),
                                        "note", place.note()))
                                .toList());
    }

    private static void list(PrintWriter out, @Nullable ConfigValues values) {
        int width = ConfigKey.all().stream()
                .mapToInt(key -> key.name().length())
                .max()
                .orElse(0);
        for (ConfigKey key : ConfigKey.all()) {
            String what = values == null ? plain(key.type()) : String.join(", ", shown(values.places(key)));
            out.println(key.name() + " ".repeat(width - key.name().length() + 2) + what);
        }
    }

    private static void explain(PrintWriter out, ConfigKey key, @Nullable ConfigValues values) {
        out.println(key.name());
        wrapped(plain(key.meaning())).forEach(line -> out.println(INDENT + line));
        out.println(INDENT + "value:      " + plain(key.type()));
        out.println(INDENT + "torrc:      " + (key.torrc().equals("-") ? "nothing like it" : plain(key.torrc())));
        out.println(INDENT + "changed by: " + (key.changedBy().equals("-") ? "nothing" : plain(key.changedBy())));
        if (key.name().equals(EXIT_POLICY)) {
            for (NamedExitPolicy policy : NamedExitPolicy.values()) {
                wrapped(policy.word() + ", as clients see it: "
                                + policy.summary().replace(",", ", "))
                        .forEach(line -> out.println(INDENT + line));
            }
        }
        if (values != null) {
            for (ConfigValues.Place place : values.places(key)) {
                String relay = place.relay().isEmpty() ? "" : " (" + place.relay() + ")";
                String said = place.text() == null ? "not set" : place.text() + "   " + place.place();
                out.println(INDENT + place.key() + relay + ": " + said);
                if (!place.note().isEmpty()) {
                    wrapped("note: " + place.note()).forEach(line -> out.println(INDENT + INDENT + line));
                }
            }
        }
        out.println();
    }

    private static void explain(PrintWriter out, OptionWithoutKey option) {
        out.println(option.name() + " of torrc has no key here");
        wrapped(plain(option.reason())).forEach(line -> out.println(INDENT + line));
        out.println();
    }

    /// What the file says, each different value once.
    private static List<String> shown(List<ConfigValues.Place> places) {
        return places.stream()
                .map(place -> place.text() == null ? "not set" : place.text())
                .distinct()
                .toList();
    }

    private static String unknown(String word) {
        String nearest = ConfigKey.nearest(word);
        return Printable.quoted(word) + " is not a known key; "
                + (nearest == null ? "`sallyport config explain` lists them all" : "did you mean " + nearest + "?");
    }

    /// Markdown as a terminal shows it.
    private static String plain(String markdown) {
        return LINK.matcher(markdown).replaceAll("$1").replace("`", "").replace("\\|", "|");
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
