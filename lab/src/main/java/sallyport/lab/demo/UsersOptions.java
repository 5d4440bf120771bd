package sallyport.lab.demo;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import sallyport.lab.load.Mix;

/// Who comes and for how long: what every load may be told, with what each takes without a word.
final class UsersOptions {
    private static final String MIX = "--mix";
    private static final String FOR = "--for";

    @Option(
            names = MIX,
            paramLabel = "PROFILE=RATE,...",
            description = "Who comes, and how many of them a second; ${DEFAULT-VALUE} by default.")
    private String mix;

    @Option(names = FOR, paramLabel = "TIME", description = "How long they come; ${DEFAULT-VALUE} by default.")
    private String time;

    /// @param mix as [MixOption] reads it
    /// @param time as [DurationOption] reads it
    UsersOptions(String mix, String time) {
        this.mix = mix;
        this.time = time;
    }

    /// @throws ParameterException for one that is none
    Mix mix(CommandSpec verb) {
        return read(verb, MIX, mix, new MixOption());
    }

    /// @throws ParameterException for one that is none
    Duration duration(CommandSpec verb) {
        return read(verb, FOR, time, new DurationOption());
    }

    private static <T> T read(CommandSpec verb, String option, String text, ITypeConverter<T> converter) {
        try {
            return converter.convert(text);
        } catch (TypeConversionException e) {
            throw new ParameterException(
                    verb.commandLine(), "Invalid value for option '" + option + "': " + e.getMessage());
        } catch (Exception e) {
            throw new IllegalStateException("a converter of ours that throws something else", e);
        }
    }
}
