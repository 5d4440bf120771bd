package sallyport.supervisor.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import sallyport.supervisor.config.FleetSpec;

/// Whether the clock is right, as far as that can be told without asking anybody.
final class ClockCheck implements Check {
    // Ours: consensuses are handed out a few minutes before they begin to hold.
    private static final Duration EARLY_MAX = Duration.ofMinutes(15);
    private static final String WHY =
            "authorities refuse descriptors of another time, and certificates seem over or not begun";

    @Override
    public List<Finding> look(FleetSpec fleet, Machine machine) {
        List<Finding> findings = new ArrayList<>();
        Instant now = machine.now();
        machine.listed(fleet.dataDirectory())
                .validAfter()
                .filter(begins -> begins.isAfter(now.plus(EARLY_MAX)))
                .ifPresent(begins -> findings.add(new Finding(
                        "D116",
                        Severity.ERROR,
                        "the clock says " + now + ", and a consensus that was verified here begins at " + begins,
                        WHY,
                        "timedatectl set-ntp true, or chronyc makestep; then look at: date -u")));
        if (!fleet.network().testing() && !machine.setsClock()) {
            findings.add(new Finding(
                    "D116",
                    Severity.NOTE,
                    "nothing that runs here sets the clock (chronyd, ntpd, systemd-timesyncd)",
                    WHY,
                    "timedatectl set-ntp true; in a container see that its host does"));
        }
        return findings;
    }
}
