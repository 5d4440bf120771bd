package sallyport.supervisor.contact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ContactFieldTest {
    @ParameterizedTest
    @CsvSource({
        "EMAIL, tor@example.org, tor[]example.org",
        "EMAIL, tor[]example.org, tor[]example.org",
        "ABUSE, abuse+tor@mail.example.org, abuse+tor[]mail.example.org",
        "URL, https://example.org/tor_relays, https://example.org/tor_relays",
        "URL, example.org, example.org",
        "MATRIX, @name:example.org, @name:example.org",
        "VIRTUALIZATION, hyper-v, hyper-v",
        "OS, debian/13, debian/13",
        "'DNSLOCATION', 'local,remote', 'local,remote'",
    })
    void isPublishedAsCiissWritesIt(ContactField field, String value, String published) {
        assertThat(field.published(value, 40)).contains(published);
    }

    /// Nobody has to divide by hand, and nobody forgets it when relays are added.
    @ParameterizedTest
    @CsvSource({
        "COST, 100.00EUR, 40, 2.50EUR",
        "COST, 10.00EUR, 3, 3.33EUR",
        "COST, 20.00EUR, 3, 6.67EUR",
        "UPLINKBW, 10000, 40, 250",
        "UPLINKBW, 10, 40, 1",
        "MEMORY, 65536, 40, 1638",
        "TRAFFICACCT, 30000, 3, 10000",
        "TRAFFICACCT, unmetered, 3, unmetered",
    })
    void aFigureOfTheHostIsDividedAmongItsRelays(ContactField field, String host, int relays, String part) {
        assertThat(field.isShared()).isTrue();
        assertThat(field.published(host, relays)).contains(part);
    }

    @ParameterizedTest
    @CsvSource({
        "EMAIL, tor at example.org",
        "EMAIL, tor@localhost",
        "ABUSE, a@b@example.org",
        "URL, 'https://example.org/a,b'",
        "PGP, 0x0123456789012345678901234567890123456789",
        "KEYBASE, a b",
        "TWITTER, @name",
        "HOSTER, https://www.example.com",
        "HOSTER, example.com/about",
        "COST, 100EUR",
        "COST, 100.00 EUR",
        "UPLINKBW, 1000000",
        "UPLINKBW, 0",
        "TRAFFICACCT, none",
        "VIRTUALIZATION, docker",
        "OS, debian 13",
        "DNSLOCATION, 'local, remote'",
        "SANDBOX, yes",
    })
    void anotherFormIsRefused(ContactField field, String value) {
        assertThat(field.published(value, 1)).isEmpty();
    }

    /// Neither key nor value holds white space, or the next field would begin there.
    @ParameterizedTest
    @EnumSource
    void noFieldHoldsWhiteSpace(ContactField field) {
        assertThat(field.published("a b", 1)).isEmpty();
        assertThat(field.published("a\tb", 1)).isEmpty();
        assertThat(field.published("", 1)).isEmpty();
    }
}
