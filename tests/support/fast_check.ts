/** fast-check, with arrays as long as their limit says: by default it keeps them short. */

import fc from "fast-check";

fc.configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });

export default fc;
