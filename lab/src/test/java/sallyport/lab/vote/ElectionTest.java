package sallyport.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sallyport.engine.netdoc.Flavor;

/// What C tor's authorities made of their votes, we make of them.
class ElectionTest {
    private static AuthorityDocuments sample;

    @BeforeAll
    static void read() throws Exception {
        sample = AuthorityDocuments.sample();
    }

    @ParameterizedTest
    @EnumSource
    void theConsensusIsThatOfTheAuthoritiesByteForByte(Flavor flavor) throws Exception {
        assertThat(sample.computed(flavor)).isEqualTo(sample.unsigned(flavor));
    }

    @Test
    void theOrderInWhichVotesArriveDoesNotMatter() throws Exception {
        List<Vote> votes = new ArrayList<>(sample.verified());
        for (int seed = 0; seed < 6; seed++) {
            Collections.shuffle(votes, new Random(seed));
            assertThat(new Election(votes, 3, false).consensus(Flavor.NS)).isEqualTo(sample.unsigned(Flavor.NS));
        }
    }

    /// Of five authorities three voted: a majority, so that what all three say holds.
    @Test
    void thoseWhoDidNotVoteCountAgainstWhatIsSaid() throws Exception {
        List<Vote> votes = sample.verified();
        String ofFive = new Election(votes, 5, false).consensus(Flavor.NS);
        assertThat(ofFive).contains("\nr ").contains("params " + "AuthDirMaxServersPerAddr=0 bwweightscale");
        // Recommended by three of five, required by two thirds of five: four.
        assertThat(ofFive).contains("\nrequired-relay-protocols \n").contains("\nrecommended-relay-protocols Cons=2 ");
        String ofSix = new Election(votes, 6, false).consensus(Flavor.NS);
        assertThat(ofSix).doesNotContain("\nr ");
    }

    @Test
    void anElectionHasVotesAndNoMoreThanAuthorities() throws Exception {
        List<Vote> votes = sample.verified();
        assertThatThrownBy(() -> new Election(List.of(), 3, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Election(votes, 2, false)).isInstanceOf(IllegalArgumentException.class);
    }
}
