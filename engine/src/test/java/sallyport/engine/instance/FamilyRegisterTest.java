package sallyport.engine.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sallyport.engine.netdoc.NetworkParameters;

class FamilyRegisterTest {
    private static final FamilySpec TOGETHER = new FamilySpec(true, List.of(), List.of());

    private final FamilyRegister register = new FamilyRegister();

    @Test
    void aRelayOnItsOwnDeclaresNobody() {
        register.joined("a", "AA");
        assertThat(register.of("AA", TOGETHER)).isEmpty();
        assertThat(register.of("AA", FamilySpec.NONE)).isEmpty();
        assertThat(register.of("AA", new FamilySpec(false, List.of("AA"), List.of())))
                .isEmpty();
    }

    /// Proposal 321: relays publish lists for as long as the authorities want them.
    @Test
    void theListIsLeftOutWhereTheVoteSaysSoAndAKeySpeaksForIt() {
        NetworkParameters unneeded = new NetworkParameters(Map.of("publish-family-list", 0));
        NetworkParameters neither = new NetworkParameters(Map.of("publish-family-list", 0, "use-family-ids", 0));
        assertThat(TOGETHER.lists(true, NetworkParameters.NONE)).isTrue();
        assertThat(TOGETHER.lists(true, unneeded)).isFalse();
        assertThat(TOGETHER.lists(false, unneeded)).isTrue();
        assertThat(TOGETHER.lists(true, neither)).isTrue();
        assertThat(listing(FamilySpec.Listing.ON).lists(true, unneeded)).isTrue();
        assertThat(listing(FamilySpec.Listing.OFF).lists(false, NetworkParameters.NONE))
                .isFalse();
    }

    private static FamilySpec listing(FamilySpec.Listing listing) {
        return new FamilySpec(true, List.of(), List.of(), listing);
    }

    @Test
    void everyoneIsListedOnceSortedTheRelayItselfIncluded() {
        register.joined("b", "BB");
        register.joined("a", "AA");
        register.joined("c", "CC");
        FamilySpec spec = new FamilySpec(true, List.of("DD", "AA"), List.of());

        assertThat(register.of("BB", spec)).containsExactly("AA", "BB", "CC", "DD");
        register.left("c");
        assertThat(register.of("BB", spec)).containsExactly("AA", "BB", "DD");
        assertThat(register.of("EE", new FamilySpec(false, List.of("DD"), List.of())))
                .containsExactly("DD", "EE");
    }
}
