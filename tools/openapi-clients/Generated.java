package javax.annotation;

/** The annotation that generated classes have, which newer JDKs leave out. */
public @interface Generated {
  String[] value();

  String date() default "";

  String comments() default "";
}
