package sallyport.engine.accounting;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Fractions as C prints them with `%.2f`.
final class Decimals {
    private Decimals() {}

    static String of(double number, int digits) {
        return new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    }
}
