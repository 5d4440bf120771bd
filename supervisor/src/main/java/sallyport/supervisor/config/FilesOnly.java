package sallyport.supervisor.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseable;
import com.typesafe.config.ConfigSyntax;
import java.io.File;
import java.net.URL;

/// Lets a file include files that exist, and nothing else: reading a configuration must not reach into the
/// network, and a misspelled name must not silently leave relays out.
final class FilesOnly implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
        ConfigParseable relative = context.relativeTo(what);
        String name = relative == null ? null : relative.origin().filename();
        if (relative == null || name == null || !new File(name).isFile()) {
            throw new ConfigException.Generic("includes the file " + Printable.quoted(what) + ", which does not exist");
        }
        return relative.parse(context.parseOptions().setAllowMissing(false).setSyntax(ConfigSyntax.CONF));
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
        if (!what.isAbsolute()) {
            return include(context, what.getPath());
        }
        if (!what.isFile()) {
            throw new ConfigException.Generic(
                    "includes the file " + Printable.quoted(what.getPath()) + ", which does not exist");
        }
        return ConfigFactory.parseFile(
                        what, context.parseOptions().setAllowMissing(false).setSyntax(ConfigSyntax.CONF))
                .root();
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
        throw new ConfigException.Generic("includes a URL");
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
        throw new ConfigException.Generic("includes a resource of the class path");
    }
}
