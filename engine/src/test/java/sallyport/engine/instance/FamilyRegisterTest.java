package sallyport.engine.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

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
