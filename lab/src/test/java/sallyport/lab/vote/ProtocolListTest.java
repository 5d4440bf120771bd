package sallyport.lab.vote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sallyport.engine.bytes.Malformed;

/// Lists and results of C tor 0.4.9.11, test_protover.c, test_protover_vote.
class ProtocolListTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Foo=1-10,63 Bar=1,3-7,8 | 1 | Bar=1,3-8 Foo=1-10,63",
                "Foo=1-10,63 Bar=1,3-7,8; Quux=12-45 Bar=2-6,8 Foo=9 | 1 | Bar=1-8 Foo=1-10,63 Quux=12-45",
                "Foo=1-10,63 Bar=1,3-7,8; Quux=12-45 Bar=2-6,8 Foo=9 | 2 | Bar=3-6,8 Foo=9",
                "Foo=1-10,63 Bar=1,3-7,8; Quux=12-45 Bar=2-6,8 Foo=9 | 3 | ''",
                "Foo=1 Foo=1; Bar=1-2,2-3 | 2 | ''",
                "Sleen=1-63; Sleen=0 | 1 | Sleen=0-63",
                "Empty= | 1 | ''",
            })
    void whatEnoughListsContainIsAgreed(String lists, int needed, String agreed) throws Malformed {
        List<ProtocolList> parsed = new ArrayList<>();
        for (String list : lists.split("; ", -1)) {
            parsed.add(ProtocolList.parse(list));
        }
        assertThat(ProtocolList.agreed(parsed, needed)).isEqualTo(agreed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Faux=10-5", "Faux=-0", "Faux=0--0", "Faux=64", "Faux=1,", "Faux", "=1", "Fa_ux=1", "Faux=a"})
    void whatIsNoListIsRefused(String list) {
        assertThatThrownBy(() -> ProtocolList.parse(list)).isInstanceOf(Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 200})
    void aNameTooLongIsRefused(int length) {
        assertThatThrownBy(() -> ProtocolList.parse("a".repeat(length) + "=1")).isInstanceOf(Malformed.class);
    }
}
