package sallyport.supervisor.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sallyport.supervisor.screen.Fields;
import sallyport.supervisor.screen.RelayCard;
import sallyport.supervisor.screen.RelayTable;

/// `sallyport relay …`: looks at single relays of the running process, starts, stops and moves them.
@Command(
        name = "relay",
        description = "Looks at single relays of the running process, starts, stops and moves them.",
        synopsisSubcommandLabel = "(list | show | drain | start | stop | restart | move)",
        mixinStandardHelpOptions = true,
        subcommands = {
            RelayVerb.ListRelays.class,
            RelayVerb.Show.class,
            RelayVerb.Drain.class,
            RelayVerb.Start.class,
            RelayVerb.Stop.class,
            RelayVerb.Restart.class,
            RelayMove.class
        })
final class RelayVerb implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    /// What all of them share.
    abstract static class OfProcess implements Callable<Integer> {
        @Spec
        CommandSpec spec = CommandSpec.create();

        @Mixin
        ControlOption control = new ControlOption();

        ControlCall toProcess() {
            return new ControlCall(
                    control, spec.commandLine().getOut(), spec.commandLine().getErr());
        }
    }

    @Command(
            name = "list",
            description = "One line a relay.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: sallyport relay list --config fleet.conf"})
    static final class ListRelays extends OfProcess {
        @Override
        public Integer call() {
            return toProcess().ask("status", Map.of(), RelayTable::lines);
        }
    }

    /// Verbs about relays that are named.
    abstract static class OfRelays extends OfProcess {
        @Parameters(paramLabel = "ID", arity = "1..*", description = "Ids of relays, as `relay list` shows them.")
        private List<String> ids = new ArrayList<>();

        Map<String, @Nullable Object> named() {
            Map<String, @Nullable Object> more = new LinkedHashMap<>();
            more.put("relays", ids);
            return more;
        }

        /// One line a relay: what became of it.
        List<String> results(Fields answer) {
            List<String> lines = new ArrayList<>();
            for (Fields relay : answer.all("relays")) {
                String outcome = relay.text("outcome");
                lines.add(
                        relay.text("id") + ": " + (outcome.equals("ok") ? "" : outcome + ": ") + relay.text("message"));
            }
            lines.add("next: sallyport relay list " + control.argument());
            return lines;
        }
    }

    @Command(
            name = "show",
            description = "Everything about relays: what we believe beside what the consensus says.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: sallyport relay show exit07 --config fleet.conf"})
    static final class Show extends OfRelays {
        @Override
        public Integer call() {
            return toProcess()
                    .ask(
                            "relay",
                            named(),
                            answer -> answer.all("relays").stream()
                                    .flatMap(relay -> RelayCard.lines(relay).stream())
                                    .toList());
        }
    }

    @Command(
            name = "start",
            description = {
                "Starts relays that were stopped, have failed or are quarantined.",
                "One that drains goes on as if nobody had asked."
            },
            mixinStandardHelpOptions = true,
            footer = {"", "Example: sallyport relay start exit07 --config fleet.conf"})
    static final class Start extends OfRelays {
        @Override
        public Integer call() {
            return toProcess().ask("start", named(), this::results);
        }
    }

    @Command(
            name = "stop",
            description = "Stops relays now; every stream and circuit of theirs ends. `relay drain` is kinder.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: sallyport relay stop exit07 --config fleet.conf"})
    static final class Stop extends OfRelays {
        @Override
        public Integer call() {
            return toProcess().ask("stop", named(), this::results);
        }
    }

    /// Verbs that let circuits end by themselves.
    abstract static class Gently extends OfRelays {
        @Option(
                names = "--within",
                paramLabel = "SECONDS",
                description = "For how long what is open may go on; 600 where nothing is said.")
        private @Nullable Long seconds;

        Map<String, @Nullable Object> gently() {
            Map<String, @Nullable Object> more = named();
            if (seconds != null) {
                more.put("limit_seconds", seconds);
            }
            return more;
        }
    }

    @Command(
            name = "drain",
            description = "Has relays take nothing new, and stops each once its circuits have ended.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "`relay start` calls it off.",
                "Example: sallyport relay drain exit07 --within 3600 --config fleet.conf"
            })
    static final class Drain extends Gently {
        @Override
        public Integer call() {
            return toProcess().ask("drain", gently(), this::results);
        }
    }

    @Command(
            name = "restart",
            description = {
                "Drains and starts relays, one after the other.",
                "The next begins when the one before works again, and none does after one that fails."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "It goes on when this command has ended; `status` shows how far it has come.",
                "Example: sallyport relay restart exit01 exit02 exit03 --within 300 --config fleet.conf"
            })
    static final class Restart extends Gently {
        @Override
        public Integer call() {
            return toProcess().ask("restart", gently(), this::begun);
        }

        private List<String> begun(Fields answer) {
            Fields restarting = answer.in("restarting");
            int left = restarting.texts("left").size();
            return List.of(
                    restarting.text("now") + ": restarts" + (left == 0 ? "" : ", " + left + " more follow"),
                    "next: sallyport status " + control.argument());
        }
    }
}
