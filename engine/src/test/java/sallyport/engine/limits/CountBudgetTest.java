package sallyport.engine.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.accounting.FaultCounters;

class CountBudgetTest {
    private final FaultCounters faults = new FaultCounters();
    private final CountBudget budget = new CountBudget(100, "none left");

    @Test
    void whoIsAloneGetsAll() {
        CountBudget.Share alone = budget.open(faults, () -> {});
        assertThat(take(alone)).isEqualTo(100);
        assertThat(alone.tryAcquire()).isFalse();
        assertThat(faults.snapshot()).containsEntry("none left", 2L);
        alone.release();
        assertThat(alone.tryAcquire()).isTrue();
    }

    /// The point of it all: one relay under a flood, and the others go on.
    @Test
    void whoTakesEverythingLeavesTheOthersTheirPart() {
        CountBudget.Share greedy = budget.open(faults, () -> {});
        CountBudget.Share a = budget.open(faults, () -> {});
        CountBudget.Share b = budget.open(faults, () -> {});
        int part = 100 / 2 / 3;
        assertThat(take(greedy)).isEqualTo(100 - 2 * part);
        assertThat(greedy.guaranteed()).isEqualTo(part);
        assertThat(greedy.borrowed()).isEqualTo(100 - 3 * part);
        assertThat(budget.free()).isZero();
        assertThat(take(a)).isEqualTo(part);
        assertThat(take(b)).isEqualTo(part);
    }

    /// Lent is not given: who is above the fair share owes the rest as soon as somebody below it is
    /// refused.
    @Test
    void whoHasMoreThanItsShareOwesItToWhoeverIsRefused() {
        CountBudget.Share greedy = budget.open(faults, () -> {});
        CountBudget.Share modest = budget.open(faults, () -> {});
        CountBudget.Share late = budget.open(faults, () -> {});
        assertThat(modest.tryAcquire()).isTrue();
        int has = take(greedy);
        assertThat(greedy.owed()).as("refused only to who has most").isZero();
        take(late);
        int fair = (100 - modest.guaranteed()) / 2;
        assertThat(greedy.owed()).isEqualTo(has - fair);
        assertThat(modest.owed()).isZero();
        assertThat(late.owed()).isZero();
        for (int i = fair; i < has; i++) {
            greedy.release();
        }
        assertThat(greedy.owed()).isZero();
        take(late);
        assertThat(late.used()).isEqualTo(fair);
    }

    @Test
    void aRefusalIsForgottenAndSoIsWhoeverHasGone() {
        CountBudget.Share greedy = budget.open(faults, () -> {});
        CountBudget.Share late = budget.open(faults, () -> {});
        for (int i = 0; i < 75; i++) {
            assertThat(greedy.tryAcquire()).isTrue();
        }
        assertThat(greedy.isShort() || late.isShort()).isFalse();
        take(late);
        assertThat(late.isShort()).as("it was refused").isTrue();
        assertThat(greedy.owed()).isEqualTo(25);
        assertThat(greedy.isShort()).as("it owes").isTrue();
        late.owed();
        assertThat(greedy.owed()).isEqualTo(25);
        late.owed();
        assertThat(greedy.owed()).as("it asked for no more since").isZero();
        assertThat(greedy.isShort() || late.isShort()).isFalse();
        assertThat(late.tryAcquire()).isFalse();
        assertThat(greedy.owed()).isEqualTo(25);
        late.retire();
        assertThat(greedy.owed()).isZero();
    }

    /// A relay that comes later must get its part as soon as one that has too much gives back.
    @Test
    void whoComesLateIsNotShutOutForLong() {
        CountBudget.Share early = budget.open(faults, () -> {});
        assertThat(take(early)).isEqualTo(100);
        CountBudget.Share late = budget.open(faults, () -> {});
        assertThat(take(late)).isEqualTo(25);
        for (int i = 0; i < 25; i++) {
            early.release();
        }
        assertThat(early.tryAcquire()).as("beyond the total").isFalse();
        early.release();
        assertThat(early.tryAcquire()).isTrue();
    }

    @Test
    void whatARetiredShareStillHasComesBack() {
        CountBudget.Share gone = budget.open(faults, () -> {});
        CountBudget.Share stays = budget.open(faults, () -> {});
        for (int i = 0; i < 10; i++) {
            gone.tryAcquire();
        }
        gone.retire();
        assertThat(gone.tryAcquire()).isFalse();
        assertThat(take(stays)).isEqualTo(90);
        for (int i = 0; i < 10; i++) {
            gone.release();
        }
        assertThat(take(stays)).isEqualTo(10);
        assertThatThrownBy(gone::release).isInstanceOf(IllegalStateException.class);
    }

    /// Whatever happens, nothing is lost and, once shares stop coming, no more is given than there is.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingIsLost(long seed) {
        Random random = new Random(seed);
        List<CountBudget.Share> shares = new ArrayList<>(List.of(budget.open(faults, () -> {})));
        List<CountBudget.Share> retired = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            CountBudget.Share one = shares.get(random.nextInt(shares.size()));
            switch (random.nextInt(10)) {
                case 0 -> {
                    if (shares.size() < 6) {
                        shares.add(budget.open(faults, () -> {}));
                    }
                }
                case 1 -> {
                    if (shares.size() > 1) {
                        shares.remove(one);
                        retired.add(one);
                        one.retire();
                    }
                }
                case 2, 3, 4 -> {
                    if (one.used() > 0) {
                        one.release();
                    }
                }
                default -> one.tryAcquire();
            }
        }
        retired.forEach(CountBudgetTest::giveBack);
        shares.forEach(CountBudgetTest::giveBack);
        shares.subList(1, shares.size()).forEach(CountBudget.Share::retire);
        assertThat(take(shares.getFirst())).isEqualTo(100);
    }

    private static int take(CountBudget.Share share) {
        int taken = 0;
        while (share.tryAcquire()) {
            taken++;
        }
        return taken;
    }

    private static void giveBack(CountBudget.Share share) {
        while (share.used() > 0) {
            share.release();
        }
    }
}
