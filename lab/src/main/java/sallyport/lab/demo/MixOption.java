package sallyport.lab.demo;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sallyport.lab.load.Mix;

/// `web=2,chat=5`: who comes, and how many of them a second.
final class MixOption implements ITypeConverter<Mix> {
    @Override
    public Mix convert(String text) {
        try {
            return Mix.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
