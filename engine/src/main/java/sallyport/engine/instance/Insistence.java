package sallyport.engine.instance;

import java.util.function.Consumer;
import java.util.function.Supplier;
import sallyport.engine.world.Log;

/// What follows where another host runs with our keys. Of two that did, clients would reach now the one and now the
/// other, and both would publish against each other: this one ends, unless its operator insists. Called by the
/// publisher's task.
final class Insistence {
    private final Log log;
    private final Supplier<InstanceSpec> spec;
    private final Consumer<InstanceState> end;
    private String told = "";

    /// @param end ends the relay, not before it returns
    Insistence(Log log, Supplier<InstanceSpec> spec, Consumer<InstanceState> end) {
        this.log = log;
        this.spec = spec;
        this.end = end;
    }

    /// @param how what was found, for the log, which has it once
    /// @return whether to be published all the same
    boolean publishesAnyway(String how) {
        if (!spec.get().publishing().insists()) {
            end.accept(new InstanceState.Failed("its keys are in use elsewhere: " + how
                    + "; end that relay and start this one again, or set identity-elsewhere = insist"));
            return false;
        }
        if (!how.equals(told)) {
            told = how;
            log.warn(spec.get().id(), "its keys are in use elsewhere, and it insists: " + how);
        }
        return true;
    }
}
