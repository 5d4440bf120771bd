package sallyport.supervisor.plan;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import sallyport.supervisor.config.Campaign;
import sallyport.supervisor.config.FleetSpec;

/// The names that relays are going to have, and when.
final class CampaignNotes {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private CampaignNotes() {}

    /// One line for each campaign that is not over and has relays on this host.
    static List<String> of(FleetSpec fleet, Instant now) {
        return fleet.campaigns().stream()
                .filter(campaign -> now.isBefore(campaign.end()))
                .filter(campaign -> relays(fleet, campaign) > 0)
                .map(campaign -> line(fleet, campaign, now))
                .toList();
    }

    private static String line(FleetSpec fleet, Campaign campaign, Instant now) {
        String first = fleet.relays().stream()
                .filter(relay -> campaign.nicknames().containsKey(relay.id()))
                .map(relay -> relay.id() + " is " + campaign.nicknames().get(relay.id()))
                .findFirst()
                .orElse("");
        return "campaign " + campaign.name() + ": " + Planner.relays(relays(fleet, campaign)) + ", " + first
                + (campaign.isInForce(now) ? ", until " : ", from " + TIME.format(campaign.start()) + " until ")
                + TIME.format(campaign.end()) + "; each uploads a new descriptor at its start and at its end";
    }

    private static int relays(FleetSpec fleet, Campaign campaign) {
        return (int) fleet.relays().stream()
                .filter(relay -> campaign.nicknames().containsKey(relay.id()))
                .count();
    }
}
