package sallyport.lab.roster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sallyport.lab.roster.KeyPins.Match;

class KeyPinsTest {
    private final KeyPins pins = new KeyPins();

    @Test
    void aPairOnceSeenExcludesEveryOtherOfEitherKey() {
        assertThat(pins.check(rsa(1), ed(1))).isEqualTo(Match.NEW);
        pins.pin(rsa(1), ed(1));
        assertThat(pins.check(rsa(1), ed(1))).isEqualTo(Match.FOUND);
        assertThat(pins.check(rsa(1), ed(2))).isEqualTo(Match.MISMATCH);
        assertThat(pins.check(rsa(2), ed(1))).isEqualTo(Match.MISMATCH);
        assertThat(pins.check(rsa(2), ed(2))).isEqualTo(Match.NEW);
    }

    @Test
    void whatIsPinnedLaterTakesThePlaceOfAllThatContradictsIt() {
        pins.pin(rsa(1), ed(1));
        pins.pin(rsa(2), ed(2));
        pins.pin(rsa(1), ed(2));
        assertThat(pins.size()).isEqualTo(1);
        assertThat(pins.check(rsa(1), ed(2))).isEqualTo(Match.FOUND);
        assertThat(pins.check(rsa(2), ed(1))).isEqualTo(Match.NEW);
    }

    @Test
    void theJournalTellsTheSameStory() {
        pins.pin(rsa(1), ed(1));
        pins.pin(rsa(2), ed(2));
        String journal = pins.newLines();
        assertThat(journal).isEqualTo(line('E', 'E') + line('I', 'I'));
        assertThat(pins.newLines()).isEmpty();
        KeyPins again = new KeyPins();
        assertThat(again.load(journal)).isEqualTo(new KeyPins.Loaded(2, 0, 0, 0));
        assertThat(again.check(rsa(2), ed(2))).isEqualTo(Match.FOUND);
        assertThat(again.newLines()).isEmpty();
    }

    @Test
    void linesThatAreNoneArePassedOver() {
        String journal = "\n@opened-at 2026-11-22 12:00:00\n# a comment\n" + line('E', 'E') + "   \n" + line('E', 'E')
                + line('E', 'I') + "short\n" + line('E', 'I').replace(' ', '_') + line('!', 'I')
                + line('E', 'E').substring(0, 40);
        assertThat(pins.load(journal)).isEqualTo(new KeyPins.Loaded(3, 4, 1, 1));
        assertThat(pins.check(rsa(1), ed(2))).isEqualTo(Match.FOUND);
    }

    /// Keys whose second digit of base64 is this one, and all others A.
    private static String line(char rsa, char ed25519) {
        return "A" + rsa + "A".repeat(25) + " A" + ed25519 + "A".repeat(41) + "\n";
    }

    private static byte[] rsa(int number) {
        return key(20, number);
    }

    private static byte[] ed(int number) {
        return key(32, number);
    }

    // The second digit of base64 begins with the low bits of the first byte: 4 is E, 8 is I.
    private static byte[] key(int bytes, int number) {
        byte[] key = new byte[bytes];
        key[1] = (byte) (number << 6);
        return key;
    }
}
