package sallyport.engine.dns;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DnsCacheTest {
    private static final Resolution FOUND = new Resolution(new DnsAnswer.Address(new byte[4], 300), null, null);

    private final DnsCache cache = new DnsCache();

    @Test
    void forgetsAtTheSecondNamed() {
        cache.put("a", FOUND, 1000);
        assertThat(cache.get("a", 999)).isEqualTo(FOUND);
        assertThat(cache.get("a", 1000)).isNull();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void neverGrowsBeyondItsLimitsAndKeepsWhatIsUsed() {
        for (int i = 0; i < DnsCache.ENTRIES_MAX + 5000; i++) {
            cache.put("name" + i, FOUND, 1000);
            assertThat(cache.get("name0", 0)).isNotNull();
        }
        assertThat(cache.size()).isEqualTo(DnsCache.ENTRIES_MAX);
        assertThat(cache.bytes()).isLessThanOrEqualTo(DnsCache.BYTES_MAX);
        for (int i = 0; i < DnsCache.ENTRIES_MAX; i++) {
            cache.put("a".repeat(200) + i, FOUND, 1000);
        }
        assertThat(cache.bytes()).isLessThanOrEqualTo(DnsCache.BYTES_MAX);
        assertThat(cache.size()).isLessThan(DnsCache.ENTRIES_MAX);
    }

    @Test
    void sweepLeavesNoExpiredNameBehind() {
        cache.put("a", FOUND, 10);
        cache.put("b", FOUND, 20);
        cache.put("b", FOUND, 30);
        cache.removeExpired(20);
        assertThat(cache.size()).isEqualTo(1);
        cache.removeExpired(30);
        assertThat(cache.size()).isZero();
        assertThat(cache.bytes()).isZero();
    }
}
