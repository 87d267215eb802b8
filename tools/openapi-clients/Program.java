import java.util.stream.Collectors;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.ClaimsApi;
import org.openapitools.client.api.VerdictsApi;
import org.openapitools.client.model.CorroborationStatus;
import org.openapitools.client.model.VerdictBody;

/** Calls through the client that openapi-generator makes of openapi.yaml. Arguments: URL, API key, id of a claim. */
public class Program {
  public static void main(String[] arguments) throws Exception {
    ApiClient client = new ApiClient();
    client.updateBaseUri(arguments[0]);
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + arguments[1]));
    ClaimsApi claims = new ClaimsApi(client);
    System.out.println(
        claims
            .listClaims(2, null, null, null, null, null, null, CorroborationStatus.CONTESTED, null, null, null, null, null, null, null, null, null, null, null, null)
            .getData()
            .stream()
            .map(claim -> claim.getCorroboration().getStatus().getValue())
            .collect(Collectors.joining(" ")));
    System.out.println(claims.getClaim(arguments[2], "mentions", null).getText());
    try {
      claims.getClaim("none-such", null, null);
    } catch (ApiException problem) {
      String code = problem.getResponseBody().replaceAll(".*\"code\":\"([a-z_]+)\".*", "$1");
      System.out.println(problem.getCode() + " " + code);
    }
    VerdictBody body = new VerdictBody().claimVersion(1L).rating(VerdictBody.RatingEnum.REFUTED);
    System.out.println(new VerdictsApi(client).createVerdict(arguments[2], body, null).getRating().getValue());
  }
}
